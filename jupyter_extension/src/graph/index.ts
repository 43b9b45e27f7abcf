/** The pictures of pipelines, in the side panel and in the main area. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { IStepStates } from '../notebook/stepStates';
import { PROPOSE_STEPS, START_STEP } from '../tagging/ids';
import { TAKE_TOUR } from '../tour/ids';
import { INb2pipe, IPipelineModels } from '../tokens';
import { pipelineIcon } from '../ui/icons';
import { SHOW_PIPELINE } from './ids';
import { addMainArea, OPEN_PIPELINE } from './mainArea';
import { PipelinePanel } from './panel';
import { CurrentNotebook } from './source';
import { underlinePlugin } from './underlinePlugin';

export const PANEL_ID = 'nb2pipe-pipeline';

const graph: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:graph',
  description: 'Shows the pipeline of the current notebook.',
  autoStart: true,
  requires: [INb2pipe, IPipelineModels, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer, IStepStates],
  activate: (
    app: JupyterFrontEnd,
    service: INb2pipe,
    models: IPipelineModels,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    states: IStepStates | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const shared = { service, models, states, shell: app.shell, trans };
    const panel = new PipelinePanel({
      ...shared,
      source: new CurrentNotebook(tracker),
      direction: 'TB',
      onLarge: path => void app.commands.execute(OPEN_PIPELINE, { path }),
      onTour: () => void app.commands.execute(TAKE_TOUR),
      begin: {
        propose: () => void app.commands.execute(PROPOSE_STEPS),
        startStep: () => void app.commands.execute(START_STEP)
      }
    });
    panel.id = PANEL_ID;
    panel.title.icon = pipelineIcon;
    panel.title.caption = trans.__('Pipeline');
    app.shell.add(panel, 'right', { rank: 600, type: 'Pipeline' });
    restorer?.add(panel, PANEL_ID);
    addMainArea({ app, palette, restorer }, tracker, shared);

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

export const graphPlugins: JupyterFrontEndPlugin<unknown>[] = [graph, underlinePlugin];
