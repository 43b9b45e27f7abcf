/** The side panel that shows the pipeline of the current notebook. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { INb2pipe, IPipelineModels } from '../tokens';
import { pipelineIcon } from '../ui/icons';
import { PipelinePanel } from './panel';

export const SHOW_PIPELINE = 'nb2pipe:show-pipeline';
export const PANEL_ID = 'nb2pipe-pipeline';

const graph: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:graph',
  description: 'Shows the pipeline of the current notebook.',
  autoStart: true,
  requires: [INb2pipe, IPipelineModels, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    service: INb2pipe,
    models: IPipelineModels,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const panel = new PipelinePanel({ service, models, tracker, trans });
    panel.id = PANEL_ID;
    panel.title.icon = pipelineIcon;
    panel.title.caption = trans.__('Pipeline');
    app.shell.add(panel, 'right', { rank: 600, type: 'Pipeline' });
    restorer?.add(panel, PANEL_ID);

    app.commands.addCommand(SHOW_PIPELINE, {
      label: trans.__('Show Pipeline'),
      caption: trans.__('Show the pipeline that the current notebook makes'),
      icon: pipelineIcon,
      execute: () => app.shell.activateById(PANEL_ID),
      describedBy: { args: { type: 'object', properties: {} } }
    });
    palette?.addItem({ command: SHOW_PIPELINE, category: 'nb2pipe' });
  }
};

export const graphPlugins: JupyterFrontEndPlugin<unknown>[] = [graph];
