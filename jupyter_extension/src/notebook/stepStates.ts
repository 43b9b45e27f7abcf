/** How the steps of a notebook fared in its last run; who runs pipelines provides it. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { StepRun } from '../api/types';

export type StepState = StepRun['state'];

export interface IStepStates {
  /** State by step name in the last run of the notebook; empty where it has not run. */
  of(panel: NotebookPanel): ReadonlyMap<string, StepState>;
  /** Emitted with the notebook whose states are new. */
  readonly changed: ISignal<IStepStates, NotebookPanel>;
}
export const IStepStates = new Token<IStepStates>(
  'nb2pipe:IStepStates',
  'How the steps of open notebooks fared in their last run.'
);
