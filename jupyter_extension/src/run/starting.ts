/** Starts runs of notebooks, from a form or as the last time. */

import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Run } from '../api/types';
import { textOf } from '../notebook/content';
import { saved } from '../notebook/saving';
import { RunDialog } from './dialog';
import { bodyOf, RunForm, submissionOf, type Values } from './formModel';

/** Times of one state of a file differ by as much: JupyterLab's own margin. */
const SAME_FILE_MS = 500;

export interface StarterOptions {
  client: Client;
  /** Where notebooks are kept. */
  contents: Pick<Contents.IManager, 'get'>;
  trans: TranslationBundle;
  /** Called with each run that has started. */
  started: (run: Run) => void;
}

export class Starter {
  constructor(private readonly _options: StarterOptions) {}

  /** Whether a notebook of this path was run from here before. */
  hasLast(path: string): boolean {
    return this._last.has(path);
  }

  /** Ask with which values, and run. A process gets ready meanwhile. */
  async ask(panel: NotebookPanel): Promise<void> {
    const { client, trans } = this._options;
    client.post('/runs/ready').catch(() => undefined); // without it the run starts later
    try {
      const form = await this._formOf(panel);
      const name = PathExt.basename(panel.context.localPath);
      await new RunDialog({ form, name, start: () => this._start(panel, form.chosen()) }).launch();
    } catch (error) {
      await this._tell(trans.__('The notebook cannot be run'), error);
    }
  }

  /** Run with the values of the last time; where there was none, ask. */
  async again(panel: NotebookPanel): Promise<void> {
    const last = this._last.get(panel.context.localPath);
    if (!last) {
      await this.ask(panel);
      return;
    }
    try {
      const isEditor = last.source === 'editor' && panel.context.model.dirty;
      await this._start(panel, last);
      const { trans } = this._options;
      const name = PathExt.basename(panel.context.localPath);
      Notification.info(
        isEditor
          ? trans.__('%1 runs as it is in the editor.', name)
          : trans.__('%1 runs as it is saved.', name),
        { autoClose: 3000 }
      );
    } catch (error) {
      await this._tell(this._options.trans.__('The run was not started'), error);
    }
  }

  private async _formOf(panel: NotebookPanel): Promise<RunForm> {
    const { client, trans } = this._options;
    await panel.context.ready;
    const { model, localPath: path, contentsModel } = panel.context;
    const [answer, targets] = await Promise.all([
      client.post('/notebooks/check', { body: { path, text: textOf(model) } }),
      client.get('/targets').catch(() => []) // then it runs on this machine
    ]);
    return new RunForm({
      parameters: answer.pipeline?.parameters ?? [],
      findings: answer.is_refused ? answer.diagnostics.filter(each => each.severity === 'error') : [],
      isDirty: model.dirty,
      isChangedElsewhere: await this._isChangedElsewhere(panel),
      isWritable: contentsModel?.writable !== false && !model.readOnly,
      targets,
      trans,
      last: this._last.get(path)
    });
  }

  /** Whether the file is newer than what was opened or saved here, as JupyterLab itself tells it. */
  private async _isChangedElsewhere({ context }: NotebookPanel): Promise<boolean> {
    try {
      const found = await this._options.contents.get(context.path, { content: false });
      const known = context.contentsModel?.last_modified;
      return known !== undefined && Date.parse(found.last_modified) - Date.parse(known) > SAME_FILE_MS;
    } catch {
      return false; // whoever runs it is told what is wrong with the file
    }
  }

  private async _start(panel: NotebookPanel, values: Values): Promise<void> {
    const { client, started, trans } = this._options;
    const { context } = panel;
    const isEditor = values.source === 'editor' && context.model.dirty;
    if (!isEditor) {
      await saved(panel, trans);
    }
    const text = isEditor ? textOf(context.model) : undefined;
    const { target } = values;
    const run = target
      ? await client.post('/targets/{target}/runs', {
          params: { target },
          body: submissionOf(context.localPath, values, text)
        })
      : await client.post('/runs', { body: bodyOf(context.localPath, values, text) });
    this._last.set(context.localPath, values);
    started(run);
  }

  private async _tell(title: string, error: unknown): Promise<void> {
    const body = error instanceof ApiError ? error.text : String(error);
    await showDialog({ title, body, buttons: [Dialog.okButton()] });
  }

  private readonly _last = new Map<string, Values>();
}
