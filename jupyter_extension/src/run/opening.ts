/** Opens what a run is about: its notebook at a cell, its report. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { IFrame } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import type { Run } from '../api/types';
import { scrollTo } from '../notebook/drawing';
import { largeArea } from '../ui/area';
import { pipelineIcon } from '../ui/icons';

export interface OpenerOptions {
  app: JupyterFrontEnd;
  client: Client;
  tracker: INotebookTracker;
  trans: TranslationBundle;
}

/** Where a cell is: by its id, and where there is none of that id, nowhere. */
export interface Place {
  path: string;
  cellId: string | null;
}

export class Opener {
  constructor(private readonly _options: OpenerOptions) {}

  /** Open a notebook, and go to a cell of it. */
  async cell({ path, cellId }: Place): Promise<void> {
    const { app, tracker, trans } = this._options;
    const found: unknown = await app.commands.execute('docmanager:open', { path });
    const panel = tracker.find(each => each === found || each.context.localPath === path);
    if (!panel) {
      return;
    }
    app.shell.activateById(panel.id);
    await panel.context.ready;
    await panel.revealed;
    if (cellId !== null && !(await goTo(panel, cellId))) {
      Notification.warning(trans.__('The cell is not in the notebook any more.'), { autoClose: 6000 });
    }
  }

  /** Show a run's report beside what is there. It runs no script: neither here nor by what the service says. */
  report(run: Pick<Run, 'id' | 'pipeline'>): void {
    const { app, client, trans } = this._options;
    const id = `nb2pipe-report-${run.id}`;
    const known = [...app.shell.widgets(largeArea(app.shell))].find(each => each.id === id);
    if (!known) {
      const content = new IFrame({ sandbox: [] });
      content.url = client.url('/runs/{run}/report', { run: run.id });
      content.node.querySelector('iframe')?.setAttribute('title', trans.__('Report of run %1', run.id));
      const widget = new MainAreaWidget({ content });
      widget.id = id;
      widget.title.label = trans.__('Report of %1', PathExt.basename(run.pipeline));
      widget.title.caption = trans.__('Report of run %1', run.id);
      widget.title.icon = pipelineIcon;
      widget.title.closable = true;
      app.shell.add(widget, largeArea(app.shell), { mode: 'split-right', type: 'Run Report' });
    }
    app.shell.activateById(id);
  }
}

async function goTo(panel: NotebookPanel, cellId: string): Promise<boolean> {
  const { content } = panel;
  const index = content.widgets.findIndex(each => each.model.id === cellId);
  const cell = content.widgets[index];
  if (!cell) {
    return false;
  }
  content.deselectAll();
  content.activeCellIndex = index;
  await scrollTo(cell, content, 'center');
  content.activate();
  return true;
}
