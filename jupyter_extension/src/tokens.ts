/** What plugins give each other. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { Client } from './api/client';
import type { EventFeed } from './api/events';
import type { PipelineModel } from './notebook/pipelineModel';

/** The service. Where it is missing the user has been told: others stay quiet. */
export interface INb2pipe {
  readonly client: Client;
  /** All changes but logs, once `ready`; a feed of one's own brings those. */
  readonly events: EventFeed;
  /** False until the service has answered. */
  readonly isAvailable: boolean;
  readonly availableChanged: ISignal<INb2pipe, boolean>;
  /** Settled when it is known whether the service is there. */
  readonly ready: Promise<boolean>;
}
export const INb2pipe = new Token<INb2pipe>('nb2pipe:INb2pipe', 'The nb2pipe service of this server.');

/** One model for each notebook, whoever asks. */
export interface IPipelineModels {
  /** The model of an open notebook; it lives as long as the panel. */
  for(panel: NotebookPanel): PipelineModel;
}
export const IPipelineModels = new Token<IPipelineModels>(
  'nb2pipe:IPipelineModels',
  'The pipelines of open notebooks, as they are while one types.'
);
