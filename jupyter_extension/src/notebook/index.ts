/** The plugin that gives all others the pipelines of open notebooks. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { INb2pipe, IPipelineModels } from '../tokens';
import { PipelineModels } from './pipelineModels';

const ID = 'nb2pipe:pipelines';
const DELAY_MS = 100;

const pipelines: JupyterFrontEndPlugin<IPipelineModels> = {
  id: ID,
  description: 'The pipelines of open notebooks, as they are while one types.',
  autoStart: true,
  requires: [INb2pipe],
  optional: [ISettingRegistry],
  provides: IPipelineModels,
  activate: (_: JupyterFrontEnd, service: INb2pipe, registry: ISettingRegistry | null): IPipelineModels => {
    let delayMs = DELAY_MS;
    void registry?.load(ID).then(settings => {
      const read = (): void => {
        delayMs = Number(settings.get('checkDelay').composite ?? DELAY_MS);
      };
      settings.changed.connect(read);
      read();
    });
    return new PipelineModels(service, () => delayMs);
  }
};

export const notebookPlugins: JupyterFrontEndPlugin<unknown>[] = [pipelines];
