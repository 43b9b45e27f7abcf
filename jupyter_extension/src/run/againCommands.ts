/** Commands that run notebooks again. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import type { Again } from './again';
import { RERUN, RERUN_FAILED, RERUN_FROM, RERUN_FROM_CLICKED } from './ids';
import type { ShownRun } from './shownRun';

export interface AgainCommandOptions {
  app: JupyterFrontEnd;
  client: Client;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  palette: ICommandPalette | null;
  again: Again;
  shown: ShownRun;
}

/** Steps in the graph, and in the list of a run's steps. */
const [IN_GRAPH, IN_LIST] = ['.nb2pipe-Node[data-from]', '.nb2pipe-RunSteps button[data-step]'];

export function addAgainCommands(options: AgainCommandOptions): void {
  const { app, client, tracker, trans, palette, again } = options;
  const { commands } = app;
  const none = { args: { type: 'object', properties: {} } } as const;
  const isEnabled = (): boolean => tracker.currentWidget !== null;
  commands.addCommand(RERUN, {
    label: trans.__('Run Again'),
    caption: trans.__(
      'Run its notebook again with the same parameters and options; what succeeded is not repeated'
    ),
    execute: async args => {
      const { run } = await client.get('/runs/{run}', { params: { run: String(args['run']) } });
      await again.run(run, typeof args['step'] === 'string' ? args['step'] : '');
    },
    describedBy: {
      args: { type: 'object', properties: { run: { type: 'string' }, step: { type: 'string' } } }
    }
  });
  commands.addCommand(RERUN_FROM, {
    label: trans.__('Run Again from This Step'),
    caption: trans.__(
      'Run this step and all after it again, as the last time; the steps before may be cached'
    ),
    icon: refreshIcon,
    isEnabled: () => isEnabled() && again.step !== '',
    execute: () => again.from(),
    describedBy: none
  });
  commands.addCommand(RERUN_FAILED, {
    label: trans.__('Run Again What Failed'),
    caption: trans.__('Run what failed the last time, and what stands after it'),
    isEnabled,
    execute: () => again.failed(),
    describedBy: none
  });
  palette?.addItem({ command: RERUN_FROM, category: 'nb2pipe' });
  palette?.addItem({ command: RERUN_FAILED, category: 'nb2pipe' });
  addToSteps(options);
}

/** The menu of a step in the graph is of the current notebook; in the list it is of the run that is shown. */
function addToSteps({ app, trans, again, shown }: AgainCommandOptions): void {
  app.commands.addCommand(RERUN_FROM_CLICKED, {
    label: trans.__('Run Again from This Step'),
    icon: refreshIcon,
    execute: async () => {
      const node = app.contextMenuHitTest(each => each.matches(`${IN_GRAPH}, ${IN_LIST}`));
      const run = shown.live?.run;
      if (node?.matches(IN_GRAPH)) {
        await again.from(node.dataset['from']);
      } else if (node && run) {
        await again.run(run, node.dataset['step']);
      }
    },
    describedBy: { args: { type: 'object', properties: {} } }
  });
  for (const selector of [IN_GRAPH, IN_LIST]) {
    app.contextMenu.addItem({ command: RERUN_FROM_CLICKED, selector, rank: 0 });
  }
}
