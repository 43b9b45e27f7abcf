/** The plugin with the tabs of runs. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker, INotebookWidgetFactory } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { OPEN_LINEAGE } from '../lineage/ids';
import { OPEN_RUN } from '../run/ids';
import { IRuns } from '../run/token';
import { INb2pipe } from '../tokens';
import { pipelineRunIcon } from '../ui/icons';
import { addTabs } from '../ui/tabs';
import { Executed } from './executed';
import { DetailModel } from './model';
import type { DetailActions } from './view';
import { RunDetail } from './widget';
import { shortId } from './words';

const detail: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:detail',
  description: 'Shows all about a run in a tab.',
  autoStart: true,
  requires: [INb2pipe, IRuns, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer, INotebookWidgetFactory],
  activate: (
    app: JupyterFrontEnd,
    service: INb2pipe,
    runs: IRuns,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    factory: unknown
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const { client } = service;
    const executed = new Executed({ app, client, tracker, factory, trans });
    const actions: DetailActions = {
      ...runs.actions,
      openRun: run => void app.commands.execute(OPEN_RUN, { run }),
      executed: run => void executed.show(run),
      copyOutputs: run => void executed.copy(run),
      lineage: (name, label, kind) =>
        void app.commands.execute(OPEN_LINEAGE, { name, label, ...(kind ? { kind } : {}) })
    };
    addTabs(
      { app, palette, restorer },
      {
        id: 'nb2pipe-run-detail',
        type: 'Pipeline Run',
        command: OPEN_RUN,
        label: trans.__('Open Run Details'),
        caption: trans.__('Show all about a run: its steps over time, what they made, its graph'),
        icon: pipelineRunIcon,
        properties: { run: { type: 'string' } },
        // Of the run that is named, else of the one that the run panel shows.
        keyOf: ({ run }) => (typeof run === 'string' ? run : runs.shown.id || undefined),
        make: id => new RunDetail({ model: new DetailModel(service, runs.live, id), client, actions, trans }),
        argsOf: ({ model }) => ({ run: model.id }),
        titleOf: ({ model: { id, run } }) => {
          const notebook = run ? PathExt.basename(run.notebook ?? run.notebook_path) : '…';
          return {
            label: trans.__('Run %1: %2', shortId(id), notebook),
            caption: id,
            spoken: trans.__('Run %1', id)
          };
        },
        changedOf: ({ model }) => model.changed
      }
    );
    runs.shown.changed.connect(() => app.commands.notifyCommandChanged(OPEN_RUN));
  }
};

export const detailPlugins: JupyterFrontEndPlugin<unknown>[] = [detail];
