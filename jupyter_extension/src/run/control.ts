/** Cancels and removes runs. */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';

export interface ControlOptions {
  client: Client;
  trans: TranslationBundle;
}

export class RunControl {
  constructor(private readonly _options: ControlOptions) {}

  /** Ask a run to stop; events tell when it has. */
  async cancel(run: string): Promise<void> {
    const { client, trans } = this._options;
    try {
      await client.post('/runs/{run}/cancel', { params: { run } });
    } catch (error) {
      await this._tell(trans.__('The run was not cancelled'), error);
    }
  }

  /** Remove a run that has ended, once the user has said that it is meant. */
  async remove(run: string): Promise<void> {
    const { client, trans } = this._options;
    const answer = await showDialog({
      title: trans.__('Remove this run?'),
      body: trans.__('Its record, logs, report and executed notebook are deleted. This cannot be undone.'),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: trans.__('Remove') })
      ]
    });
    if (!answer.button.accept) {
      return;
    }
    try {
      await client.delete('/runs/{run}', { params: { run } });
    } catch (error) {
      await this._tell(trans.__('The run was not removed'), error);
    }
  }

  private async _tell(title: string, error: unknown): Promise<void> {
    const body = error instanceof ApiError ? error.text : String(error);
    await showDialog({ title, body, buttons: [Dialog.okButton()] });
  }
}
