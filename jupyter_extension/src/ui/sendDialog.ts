/** A dialog that stays open until what it sends was taken. */

import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

import { ApiError } from '../api/errors';
import type { Diagnostic } from '../api/types';

/** Why something was not taken. */
export interface Refusal {
  message: string;
  hint: string;
  /** What is wrong with the notebook. */
  findings: readonly Diagnostic[];
}

/** What is filled in. */
export interface Sent {
  readonly changed: ISignal<unknown, void>;
  readonly isBusy: boolean;
  readonly isValid: boolean;
  setBusy: (isBusy: boolean, problem?: Refusal | null) => void;
}

export interface SendDialogOptions {
  form: Sent;
  title: string;
  body: Widget;
  /** Of the button that sends, as things stand. */
  label: () => string;
  className: string;
  trans: TranslationBundle;
  /** Sends it; what it throws is shown, and the dialog stays. */
  send: () => Promise<void>;
}

const SEND = 1;

export class SendDialog extends Dialog<void> {
  constructor(private readonly _own: SendDialogOptions) {
    const { form, title, body, label, className, trans } = _own;
    super({
      title,
      body,
      buttons: [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.okButton({ label: label() })],
      hasClose: true
    });
    this.addClass('nb2pipe-RunDialog');
    this.addClass(className);
    form.changed.connect(this._onForm, this);
    void this.ready.then(() => this._onForm());
  }

  /** The button that sends does so first; the others close. */
  override resolve(index?: number): void {
    if (index === undefined || index === SEND) {
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
    const { form, send } = this._own;
    if (form.isBusy || !form.isValid) {
      return;
    }
    form.setBusy(true);
    try {
      await send();
      form.setBusy(false);
      super.resolve(SEND);
    } catch (error) {
      form.setBusy(false, refusalOf(error));
    }
  }

  private _onForm(): void {
    const { form, label } = this._own;
    const button = this.node.querySelector<HTMLButtonElement>('.jp-Dialog-button.jp-mod-accept');
    const shown = button?.querySelector('.jp-Dialog-buttonLabel');
    if (button && shown) {
      button.disabled = form.isBusy || !form.isValid;
      button.setAttribute('aria-label', label());
      shown.textContent = label();
    }
  }
}

/** What was thrown, as a form shows it. */
export function refusalOf(error: unknown): Refusal {
  const found = error instanceof ApiError ? error : null;
  return {
    message: found?.message ?? String(error),
    hint: found?.hint ?? '',
    findings: found?.diagnostics.filter(each => each.severity === 'error') ?? []
  };
}
