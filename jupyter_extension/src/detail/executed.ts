/** Shows the notebook as a run left it, and takes its outputs into the notebook that one edits. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, MainAreaWidget, Notification, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookContent } from '@jupyterlab/nbformat';
import {
  type INotebookTracker,
  NotebookModel,
  NotebookWidgetFactory,
  StaticNotebook
} from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { notebookIcon } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Run } from '../api/types';
import { largeArea } from '../ui/area';
import { copyOutputs, type Copied } from './copying';
import { shortId } from './words';

export interface ExecutedOptions {
  app: JupyterFrontEnd;
  client: Client;
  tracker: INotebookTracker;
  /** What makes JupyterLab's own notebooks; null where nothing does. */
  factory: unknown;
  trans: TranslationBundle;
}

export class Executed {
  constructor(private readonly _options: ExecutedOptions) {}

  /** Show it read-only, beside what is open. */
  async show(run: Run): Promise<void> {
    const { app, trans } = this._options;
    const area = largeArea(app.shell);
    const id = `nb2pipe-executed-${run.id}`;
    if (![...app.shell.widgets(area)].some(each => each.id === id)) {
      const content = await this._read(run);
      if (!content) {
        return;
      }
      const widget = new MainAreaWidget({ content: this._notebook(content) });
      widget.id = id;
      widget.title.label = trans.__('%1 as run %2 left it', nameOf(run), shortId(run.id));
      widget.title.caption = trans.__('The executed notebook of run %1, read-only', run.id);
      widget.title.icon = notebookIcon;
      widget.title.closable = true;
      widget.toolbar.hide();
      app.shell.add(widget, area, { mode: 'split-right', type: 'Executed Notebook' });
    }
    app.shell.activateById(id);
  }

  /** Take the outputs of cells that are still the same; the user is told of the others. */
  async copy(run: Run): Promise<void> {
    const { app, tracker, trans } = this._options;
    const content = run.notebook === null ? null : await this._read(run);
    if (!content) {
      return;
    }
    const found: unknown = await app.commands.execute('docmanager:open', { path: run.notebook });
    const panel = tracker.find(each => each === found || each.context.localPath === run.notebook);
    if (!panel) {
      return;
    }
    app.shell.activateById(panel.id);
    await panel.context.ready;
    const { model } = panel.context;
    if (model.readOnly || panel.context.contentsModel?.writable === false) {
      Notification.warning(
        trans.__('%1 is read-only. Save a copy of it to take the outputs of a run.', nameOf(run)),
        { autoClose: 8000 }
      );
      return;
    }
    this._tell(copyOutputs(model, content));
  }

  private _tell({ copied, changed, gone }: Copied): void {
    const { trans } = this._options;
    const lines = [
      trans._n('The outputs of %1 cell were copied.', 'The outputs of %1 cells were copied.', copied),
      changed > 0
        ? trans._n(
            '%1 cell was left out because it changed.',
            '%1 cells were left out because they changed.',
            changed
          )
        : '',
      gone > 0 ? trans._n('%1 cell is not there any more.', '%1 cells are not there any more.', gone) : ''
    ];
    const text = lines.filter(Boolean).join(' ');
    Notification.emit(text, copied > 0 && changed + gone === 0 ? 'success' : 'warning', {
      autoClose: 10_000
    });
  }

  private async _read(run: Run): Promise<INotebookContent | null> {
    const { client, trans } = this._options;
    try {
      return (await client.get('/runs/{run}/notebook', { params: { run: run.id } })) as INotebookContent;
    } catch (error) {
      const body = error instanceof ApiError ? error.text : String(error);
      const title = trans.__('The executed notebook cannot be read');
      await showDialog({ title, body, buttons: [Dialog.okButton()] });
      return null;
    }
  }

  /** Not trusted: its HTML is sanitized, and none of its scripts runs. */
  private _notebook(content: INotebookContent): StaticNotebook {
    const { factory } = this._options;
    if (!(factory instanceof NotebookWidgetFactory)) {
      throw new Error('JupyterLab has no notebooks');
    }
    const model = new NotebookModel();
    const cells = content.cells.map(cell => ({
      ...cell,
      metadata: { ...cell.metadata, editable: false, deletable: false, trusted: false }
    }));
    model.fromJSON({ ...content, cells });
    const widget = new StaticNotebook({
      rendermime: factory.rendermime.clone(),
      contentFactory: factory.contentFactory,
      mimeTypeService: factory.mimeTypeService,
      editorConfig: factory.editorConfig,
      notebookConfig: { ...factory.notebookConfig, windowingMode: 'defer' }
    });
    widget.model = model;
    widget.disposed.connect(() => model.dispose());
    widget.addClass('nb2pipe-Executed');
    return widget;
  }
}

function nameOf(run: Run): string {
  return PathExt.basename(run.notebook ?? run.notebook_path);
}
