/** The settings of steps, in the notebook's property inspector. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTools } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Collapser } from '@jupyterlab/ui-components';

import { INb2pipe, IPipelineModels } from '../tokens';
import { SettingsTool } from './tool';

const SECTION = 'nb2pipe-settings';

const settings: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:settings',
  description: 'Edits the settings of steps.',
  autoStart: true,
  requires: [INb2pipe, IPipelineModels, INotebookTools],
  optional: [ITranslator],
  activate: (
    _: JupyterFrontEnd,
    service: INb2pipe,
    models: IPipelineModels,
    tools: INotebookTools,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    void service.ready.then(isThere => {
      if (isThere) {
        tools.addSection({ sectionName: SECTION, label: trans.__('Step Settings'), rank: 1 });
        const tool = new SettingsTool({ service, models, trans });
        tools.addItem({ section: SECTION, tool });
        const section = tool.parent?.parent?.parent; // a new section is folded, and there is no option for it
        if (section instanceof Collapser) {
          section.collapsed = false;
        }
      }
    });
  }
};

export const settingsPlugins: JupyterFrontEndPlugin<unknown>[] = [settings];
