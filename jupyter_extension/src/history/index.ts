/** The plugin with the table of runs. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { historyIcon } from '@jupyterlab/ui-components';
import { Menu } from '@lumino/widgets';

import type { Run } from '../api/types';
import { COMPARE_RUNS } from '../compare/ids';
import { OPEN_LINEAGE } from '../lineage/ids';
import { OPEN_METRICS } from '../metrics/ids';
import { CANCEL_RUN, OPEN_RUN, REMOVE_RUN, RERUN, SHOW_HISTORY, SHOW_RUN } from '../run/ids';
import { isFinal } from '../run/liveSteps';
import { INb2pipe } from '../tokens';
import { largeArea } from '../ui/area';
import { HistoryModel } from './model';
import { HistoryWidget } from './widget';

const ID = 'nb2pipe-runs';

const history: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:history',
  description: 'Lists runs of pipelines.',
  autoStart: true,
  requires: [INb2pipe, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    service: INb2pipe,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const open = (run: Run): void => void app.commands.execute(SHOW_RUN, { run: run.id });
    const detail = (run: Run): void => void app.commands.execute(OPEN_RUN, { run: run.id });
    const menu = (run: Run, x: number, y: number): void => menuOf(app, run).open(x, y);
    const compare = (first: string, second: string): void =>
      void app.commands.execute(COMPARE_RUNS, { first, second });
    const make = (): MainAreaWidget<HistoryWidget> => {
      const model = new HistoryModel(service);
      const widget = new MainAreaWidget({
        content: new HistoryWidget({ model, tracker, actions: { open, detail, menu, compare }, trans })
      });
      widget.id = ID;
      widget.title.label = trans.__('Pipeline Runs');
      widget.title.icon = historyIcon;
      widget.title.closable = true;
      widget.toolbar.hide();
      return widget;
    };
    const tabs = new WidgetTracker<MainAreaWidget<HistoryWidget>>({ namespace: ID });
    app.commands.addCommand(SHOW_HISTORY, {
      label: trans.__('Show Pipeline Runs'),
      caption: trans.__('List the runs of pipelines, newest first'),
      icon: historyIcon,
      execute: async () => {
        if (!tabs.currentWidget) {
          const widget = make();
          await tabs.add(widget);
          app.shell.add(widget, largeArea(app.shell), { type: 'Pipeline Runs' });
        }
        app.shell.activateById(ID);
      },
      describedBy: { args: { type: 'object', properties: {} } }
    });
    palette?.addItem({ command: SHOW_HISTORY, category: 'nb2pipe' });
    void restorer?.restore(tabs, { command: SHOW_HISTORY, name: () => ID });
  }
};

function menuOf(app: JupyterFrontEnd, run: Run): Menu {
  const menu = new Menu({ commands: app.commands });
  const args = { run: run.id };
  menu.addItem({ command: SHOW_RUN, args });
  menu.addItem({ command: OPEN_RUN, args });
  menu.addItem({ command: OPEN_LINEAGE, args: { name: run.id, label: run.id } });
  if (run.notebook !== null) {
    menu.addItem({ command: OPEN_METRICS, args: { path: run.notebook } });
  }
  if (isFinal(run.state)) {
    menu.addItem({ command: RERUN, args });
  }
  menu.addItem({ command: isFinal(run.state) ? REMOVE_RUN : CANCEL_RUN, args });
  return menu;
}

export const historyPlugins: JupyterFrontEndPlugin<unknown>[] = [history];
