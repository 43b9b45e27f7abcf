/** The plugin that runs notebooks, and shows how they go. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';

import type { Run } from '../api/types';
import { IStepStates } from '../notebook/stepStates';
import { INb2pipe } from '../tokens';
import { pipelineRunIcon } from '../ui/icons';
import { Again } from './again';
import { addAgainCommands } from './againCommands';
import { addRunCommands } from './commands';
import { RunControl } from './control';
import { Endings } from './ending';
import { OPEN_RUN, SHOW_HISTORY, SHOW_RUN } from './ids';
import { LiveRuns } from './liveRuns';
import { Opener } from './opening';
import { RunPanel } from './panel';
import { ShownRun } from './shownRun';
import { Starter } from './starting';
import { IRuns } from './token';
import { Waiting } from './waiting';

const RUN_PANEL_ID = 'nb2pipe-run';

const run: JupyterFrontEndPlugin<IRuns> = {
  id: 'nb2pipe:run',
  description: 'Runs notebooks as pipelines, and shows how they go.',
  autoStart: true,
  requires: [INb2pipe, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  provides: IRuns,
  activate: (
    app: JupyterFrontEnd,
    service: INb2pipe,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): IRuns => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const { client } = service;
    const runs = new LiveRuns(service);
    const shown = new ShownRun(service, runs);
    const show = (id: string): void => void app.commands.execute(SHOW_RUN, { run: id });
    const opener = new Opener({ app, client, tracker, trans });
    const openCell = (place: Parameters<Opener['cell']>[0]): void => void opener.cell(place);
    const endings = new Endings({ runs, trans, show, openCell });
    const started = (each: Run): void => {
      endings.watch(each.id);
      runs.take(each);
      show(each.id);
    };
    const starter = new Starter({ client, contents: app.serviceManager.contents, trans, started });
    const again = new Again({ client, tracker, trans, started });
    const waiting = new Waiting({ service, trans, show });
    const control = new RunControl({ client, trans });
    addRunCommands({ app, service, tracker, trans, palette, starter, control, shown, panelId: RUN_PANEL_ID });
    addAgainCommands({ app, client, tracker, trans, palette, again, shown });
    const actions = {
      openCell,
      cancel: (each: Run) => void control.cancel(each.id),
      repeat: (each: Run, step?: string) => void again.run(each, step),
      decide: (...said: Parameters<Waiting['decide']>) => waiting.decide(...said),
      report: (each: Run) => opener.report(each),
      detail: (each: Run) => void app.commands.execute(OPEN_RUN, { run: each.id }),
      history: () => void app.commands.execute(SHOW_HISTORY)
    };
    addPanel(app, new RunPanel({ shown, actions, trans }), trans, restorer);
    return { live: runs, shown, actions };
  }
};

const stepStates: JupyterFrontEndPlugin<IStepStates> = {
  id: 'nb2pipe:step-states',
  description: 'Says how far the steps of notebooks are in their latest run.',
  autoStart: true,
  requires: [IRuns],
  provides: IStepStates,
  activate: (_: JupyterFrontEnd, runs: IRuns): IStepStates => runs.live
};

function addPanel(
  app: JupyterFrontEnd,
  panel: RunPanel,
  trans: TranslationBundle,
  restorer: ILayoutRestorer | null
): void {
  panel.id = RUN_PANEL_ID;
  panel.title.icon = pipelineRunIcon;
  panel.title.caption = trans.__('Run of a pipeline');
  app.shell.add(panel, 'right', { rank: 610, type: 'Pipeline Run' });
  restorer?.add(panel, RUN_PANEL_ID);
}

export const runPlugins: JupyterFrontEndPlugin<unknown>[] = [run, stepStates];
