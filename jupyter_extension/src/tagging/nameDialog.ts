/** Asks for a step's name, and says at once why one will not do. */

import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

export interface NameOptions {
  title: string;
  /** Label of the button that accepts. */
  accept: string;
  /** What stands there first. */
  name?: string;
  /** Why a name will not do; empty where it will. */
  problem: (name: string) => string;
  trans: TranslationBundle;
}

/** The name; null if the user thought better of it. */
export async function askName(options: NameOptions): Promise<string | null> {
  const body = new NameBody(options);
  const dialog = new Dialog<string>({
    title: options.title,
    body,
    buttons: [
      Dialog.cancelButton({ label: options.trans.__('Cancel') }),
      Dialog.okButton({ label: options.accept })
    ],
    focusNodeSelector: 'input'
  });
  const result = await dialog.launch();
  return result.button.accept ? (result.value ?? null) : null;
}

/** The field, with what is wrong below it. */
export class NameBody extends Widget implements Dialog.IBodyWidget<string> {
  constructor(private readonly _options: NameOptions) {
    super();
    this.addClass('nb2pipe-NameDialog');
    const label = document.createElement('label');
    label.append(_options.trans.__('Name of the step'), this._input);
    this._input.className = 'jp-mod-styled';
    this._input.value = _options.name ?? '';
    this._input.spellcheck = false;
    this._input.placeholder = _options.trans.__('load-data');
    this._input.setAttribute('aria-describedby', 'nb2pipe-name-problem');
    this._problem.id = 'nb2pipe-name-problem';
    this._problem.setAttribute('role', 'alert');
    this.node.append(label, this._problem);
    this._check();
  }

  handleEvent(event: Event): void {
    if (event.target === this._input) {
      this._check();
    }
  }

  // The dialog captures `input` at the document to see whether its fields are valid: this has to be earlier.
  protected override onAfterAttach(): void {
    window.addEventListener('input', this, true);
  }

  protected override onBeforeDetach(): void {
    window.removeEventListener('input', this, true);
  }

  getValue(): string {
    return this._input.value.trim().normalize('NFC');
  }

  private _check(): void {
    const problem = this._options.problem(this.getValue());
    this._input.setCustomValidity(problem);
    this._problem.textContent = this._input.value ? problem : '';
  }

  private readonly _input = document.createElement('input');
  private readonly _problem = document.createElement('p');
}
