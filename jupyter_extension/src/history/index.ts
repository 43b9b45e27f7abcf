/** The plugin with the table of runs. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { historyIcon } from '@jupyterlab/ui-components';
import { Menu } from '@lumino/widgets';
import { createElement } from 'react';

import type { Run } from '../api/types';
import { COMPARE_RUNS } from '../compare/ids';
import { OPEN_LINEAGE } from '../lineage/ids';
import { OPEN_METRICS } from '../metrics/ids';
import { CANCEL_RUN, OPEN_RUN, REMOVE_RUN, RERUN, SHOW_HISTORY, SHOW_RUN } from '../run/ids';
import { isFinal, isRepeatable } from '../run/liveSteps';
import { ModelWidget } from '../ui/modelWidget';
import { tabPlugin } from '../ui/tabPlugin';
import { addTabs } from '../ui/tabs';
import { HistoryModel } from './model';
import { type HistoryActions, HistoryView } from './view';

const history = tabPlugin('nb2pipe:history', 'Lists runs of pipelines.', tools => {
  const { app, service, tracker, trans } = tools;
  const actions: HistoryActions = {
    open: run => void app.commands.execute(SHOW_RUN, { run: run.id }),
    detail: run => void app.commands.execute(OPEN_RUN, { run: run.id }),
    menu: (run, x, y) => menuOf(app, run).open(x, y),
    compare: (first, second) => void app.commands.execute(COMPARE_RUNS, { first, second })
  };
  addTabs(tools, {
    id: 'nb2pipe-runs',
    type: 'Pipeline Runs',
    command: SHOW_HISTORY,
    label: trans.__('Show Pipeline Runs'),
    caption: trans.__('List the runs of pipelines, newest first'),
    icon: historyIcon,
    titleOf: () => ({ label: trans.__('Pipeline Runs') }),
    make: () => {
      const model = new HistoryModel(service);
      const current = (): string | null => tracker.currentWidget?.context.localPath ?? null;
      return new ModelWidget({
        model,
        name: 'nb2pipe-History',
        draw: () => createElement(HistoryView, { model, current: current(), actions, trans }),
        also: tracker.currentChanged
      });
    }
  });
});

function menuOf(app: JupyterFrontEnd, run: Run): Menu {
  const menu = new Menu({ commands: app.commands });
  const args = { run: run.id };
  menu.addItem({ command: SHOW_RUN, args });
  menu.addItem({ command: OPEN_RUN, args });
  menu.addItem({ command: OPEN_LINEAGE, args: { name: run.id, label: run.id } });
  if (run.notebook !== null) {
    menu.addItem({ command: OPEN_METRICS, args: { path: run.notebook } });
  }
  if (isRepeatable(run)) {
    menu.addItem({ command: RERUN, args });
  }
  menu.addItem({ command: isFinal(run.state) ? REMOVE_RUN : CANCEL_RUN, args });
  return menu;
}

export const historyPlugins: JupyterFrontEndPlugin<unknown>[] = [history];
