/** What one can do with runs. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { INb2pipe } from '../tokens';
import { pipelineRunIcon } from '../ui/icons';
import type { RunControl } from './control';
import { CANCEL_RUN, REMOVE_RUN, RUN, RUN_AGAIN, SHOW_RUN } from './ids';
import type { ShownRun } from './shownRun';
import type { Starter } from './starting';

export interface CommandOptions {
  app: JupyterFrontEnd;
  service: INb2pipe;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  palette: ICommandPalette | null;
  starter: Starter;
  control: RunControl;
  shown: ShownRun;
  panelId: string;
}

const NO_ARGS = { args: { type: 'object', properties: {} } } as const;
const OF_RUN = {
  args: { type: 'object', properties: { run: { type: 'string', description: 'Id of the run.' } } }
} as const;

export function addRunCommands(options: CommandOptions): void {
  addNotebookCommands(options);
  const { app, trans, palette, control, shown, panelId } = options;
  app.commands.addCommand(SHOW_RUN, {
    label: trans.__('Show Run'),
    caption: trans.__('Show how a run goes: its steps and what they print'),
    icon: pipelineRunIcon,
    execute: args => {
      app.shell.activateById(panelId);
      if (typeof args['run'] === 'string') {
        shown.show(args['run']);
      }
    },
    describedBy: OF_RUN
  });
  app.commands.addCommand(CANCEL_RUN, {
    label: trans.__('Cancel Run'),
    execute: args => control.cancel(String(args['run'])),
    describedBy: OF_RUN
  });
  app.commands.addCommand(REMOVE_RUN, {
    label: trans.__('Remove Run…'),
    execute: args => control.remove(String(args['run'])),
    describedBy: OF_RUN
  });
  palette?.addItem({ command: SHOW_RUN, category: 'nb2pipe' });
}

function addNotebookCommands({ app, service, tracker, trans, palette, starter }: CommandOptions): void {
  const { commands } = app;
  const isEnabled = (): boolean => service.isAvailable && tracker.currentWidget !== null;
  const add = (
    id: string,
    label: string,
    caption: string,
    run: (panel: NotebookPanel) => Promise<void>
  ): void => {
    commands.addCommand(id, {
      label,
      caption,
      icon: id === RUN ? pipelineRunIcon : undefined,
      isEnabled,
      execute: async () => {
        if (tracker.currentWidget) {
          await run(tracker.currentWidget);
        }
      },
      describedBy: NO_ARGS
    });
    palette?.addItem({ command: id, category: 'nb2pipe' });
    const changed = (): void => commands.notifyCommandChanged(id);
    tracker.currentChanged.connect(changed);
    service.availableChanged.connect(changed);
  };
  add(RUN, trans.__('Run as Pipeline…'), trans.__('Run this notebook as a pipeline'), panel =>
    starter.ask(panel)
  );
  add(
    RUN_AGAIN,
    trans.__('Run Pipeline Again'),
    trans.__('Run this notebook as a pipeline with the values of the last time'),
    panel => starter.again(panel)
  );
}
