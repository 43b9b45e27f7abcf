/** Runs notebooks again, as an earlier run was asked for: what failed, or all from a step on. */

import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Run } from '../api/types';
import { saved } from '../notebook/saving';
import { cellsOf } from '../tagging/cells';
import { placesOf } from '../tagging/layout';
import { findingText } from '../ui/words';
import { isFinal } from './liveSteps';

export interface AgainOptions {
  client: Client;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  /** Called with each run that has started. */
  started: (run: Run) => void;
}

const SHOWN_MS = 6000;
/** The side panel lists them all. */
const MOST_FINDINGS = 5;

export class Again {
  constructor(private readonly _options: AgainOptions) {}

  /** Run an earlier run's notebook again; what succeeded comes from the cache, unless it stands from the step on. */
  async run(run: Run, fromStep = ''): Promise<void> {
    const { client, started, trans } = this._options;
    try {
      if (!(await this._isSaved(run.notebook))) {
        return;
      }
      const answer = await client.post('/runs/{run}/rerun', {
        params: { run: run.id },
        body: fromStep ? { from_step: fromStep } : {}
      });
      started(answer.run);
      if (answer.is_changed) {
        const name = PathExt.basename(run.notebook ?? run.notebook_path);
        Notification.info(trans.__('%1 has changed since that run; it runs as it is now.', name), {
          autoClose: SHOWN_MS
        });
      }
    } catch (error) {
      await this._tell(error);
    }
  }

  /** Run the current notebook again as the last time, from a step on. */
  async from(step = this.step): Promise<void> {
    const last = await this._last();
    if (last && step) {
      await this.run(last, step);
    }
  }

  /** Run what failed the last time of the current notebook. */
  async failed(): Promise<void> {
    const last = await this._last();
    const { trans } = this._options;
    if (last && (last.state === 'succeeded' || !isFinal(last.state))) {
      const text =
        last.state === 'succeeded'
          ? trans.__('Nothing failed in the last run of this notebook.')
          : trans.__('The last run of this notebook has not ended yet.');
      Notification.info(text, { autoClose: SHOWN_MS });
    } else if (last) {
      await this.run(last);
    }
  }

  /** The step of the active cell; empty where it is of none. */
  get step(): string {
    const content = this._options.tracker.currentWidget?.content;
    return (content?.model && placesOf(cellsOf(content.model))[content.activeCellIndex]?.step) || '';
  }

  /** The latest run of the current notebook on this machine; where there is none the user is told. */
  private async _last(): Promise<Run | null> {
    const { client, tracker, trans } = this._options;
    const path = tracker.currentWidget?.context.localPath ?? '';
    try {
      const { runs } = await client.get('/runs', { query: { notebook: path, target: '', limit: 1 } });
      if (!runs[0]) {
        Notification.info(trans.__('This notebook has not run yet: run it as a pipeline first.'), {
          autoClose: SHOWN_MS
        });
      }
      return runs[0] ?? null;
    } catch (error) {
      await this._tell(error);
      return null;
    }
  }

  private async _tell(error: unknown): Promise<void> {
    const { trans } = this._options;
    const findings = error instanceof ApiError ? error.diagnostics : [];
    const wrong = findings.filter(each => each.severity === 'error').slice(0, MOST_FINDINGS);
    const said = error instanceof ApiError ? error.text : String(error);
    const lines = wrong.map(each => `${each.location}: ${findingText(each)}`);
    const body = [said, ...lines].join('\n\n');
    await showDialog({ title: trans.__('The run was not started'), body, buttons: [Dialog.okButton()] });
  }

  /** Whether the file is what is to run: the user is asked where there are changes that are not in it. */
  private async _isSaved(path: string | null): Promise<boolean> {
    const panel = this._options.tracker.find(each => each.context.localPath === path);
    if (!panel?.context.model.dirty) {
      return true;
    }
    const { trans } = this._options;
    const isWritable = panel.context.contentsModel?.writable !== false && !panel.context.model.readOnly;
    const answer = await showDialog({
      title: trans.__('%1 has changes that are not saved', PathExt.basename(panel.context.localPath)),
      body: trans.__('The file is run, not what is in the editor.'),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.createButton({ label: trans.__('Run the file as it is'), actions: ['file'] }),
        ...(isWritable ? [Dialog.okButton({ label: trans.__('Save and run') })] : [])
      ],
      defaultButton: isWritable ? 2 : 1
    });
    if (answer.button.accept && !answer.button.actions.includes('file')) {
      await saved(panel, trans);
    }
    return answer.button.accept;
  }
}
