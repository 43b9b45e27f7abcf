/** A dialog that stays open until the run has started. */

import { Dialog, ReactWidget } from '@jupyterlab/apputils';

import { ApiError } from '../api/errors';
import { RunFormView } from './form';
import type { RunForm } from './formModel';

export interface RunDialogOptions {
  form: RunForm;
  /** The notebook's name. */
  name: string;
  /** Starts the run; what it throws is shown, and the dialog stays. */
  start: () => Promise<void>;
}

export class RunDialog extends Dialog<void> {
  constructor(private readonly _own: RunDialogOptions) {
    const { form, name } = _own;
    const { trans } = form.options;
    super({
      title: trans.__('Run %1 as a pipeline', name),
      body: ReactWidget.create(<RunFormView form={form} name={name} />),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Run') })
      ],
      hasClose: true
    });
    this.addClass('nb2pipe-RunDialog');
    form.changed.connect(this._onForm, this);
    void this.ready.then(() => this._onForm());
  }

  /** The button that runs sends first; the others close. */
  override resolve(index?: number): void {
    if (index === undefined || index === RUN) {
      void this._send();
    } else {
      super.resolve(index);
    }
  }

  override dispose(): void {
    this._own.form.changed.disconnect(this._onForm, this);
    super.dispose();
  }

  private async _send(): Promise<void> {
    const { form, start } = this._own;
    if (form.isBusy || !form.isValid) {
      return;
    }
    form.setBusy(true);
    try {
      await start();
      form.setBusy(false);
      super.resolve(RUN);
    } catch (error) {
      const found = error instanceof ApiError ? error : null;
      form.setBusy(false, {
        message: found?.message ?? String(error),
        hint: found?.hint ?? '',
        findings: found?.diagnostics.filter(each => each.severity === 'error') ?? []
      });
    }
  }

  private _onForm(): void {
    const { form } = this._own;
    const { isDirty, trans } = form.options;
    const button = this.node.querySelector<HTMLButtonElement>('.jp-Dialog-button.jp-mod-accept');
    const label = button?.querySelector('.jp-Dialog-buttonLabel');
    if (button && label) {
      const text = isDirty && form.values.source === 'file' ? trans.__('Save and run') : trans.__('Run');
      button.disabled = form.isBusy || !form.isValid;
      button.setAttribute('aria-label', text);
      label.textContent = text;
    }
  }
}

const RUN = 1;
