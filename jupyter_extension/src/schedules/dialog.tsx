/** The form in a dialog. */

import { Dialog, ReactWidget, UseSignal } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { ScheduleForm } from './form';
import { FormView } from './formView';

/** `kept`: Schedule was pressed; `left`: it was closed, and may be gone on with; `discarded`: Cancel was pressed. */
export type Outcome = 'kept' | 'left' | 'discarded';

interface Options {
  form: ScheduleForm;
  title: string;
  trans: TranslationBundle;
  isUnsaved: boolean;
}

const KEEP = 'keep';
const DISCARD = 'discard';

/** Show the form until it is closed. */
export async function askForSchedule(options: Options): Promise<Outcome> {
  const { button } = await new ScheduleDialog(options).launch();
  return button.actions.includes(KEEP) ? 'kept' : button.actions.includes(DISCARD) ? 'discarded' : 'left';
}

/** Stays open while something is known to be wrong. */
class ScheduleDialog extends Dialog<unknown> {
  constructor({ form, title, trans, isUnsaved }: Options) {
    super({
      title,
      body: new FormBody(form, trans, isUnsaved),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel'), actions: [DISCARD] }),
        Dialog.okButton({
          label: form.options.stored ? trans.__('Save') : trans.__('Schedule'),
          actions: [KEEP]
        })
      ],
      defaultButton: 1,
      focusNodeSelector: '#nb2pipe-when'
    });
    this._form = form;
    this.addClass('nb2pipe-Schedule-dialog');
  }

  override resolve(index = 1): void {
    if (index === 1 && !this._form.isReady) {
      this.node.querySelector<HTMLElement>('[role="alert"]')?.scrollIntoView({ block: 'center' });
      return;
    }
    super.resolve(index);
  }

  override handleEvent(event: Event): void {
    // There, Enter takes a choice.
    const { target } = event;
    const isChoice =
      target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.list);
    if (!(event instanceof KeyboardEvent && event.key === 'Enter' && isChoice)) {
      super.handleEvent(event);
    }
  }

  private readonly _form: ScheduleForm;
}

class FormBody extends ReactWidget {
  constructor(
    private readonly _form: ScheduleForm,
    private readonly _trans: TranslationBundle,
    private readonly _isUnsaved: boolean
  ) {
    super();
  }

  protected override render(): ReactElement {
    return (
      <UseSignal signal={this._form.changed}>
        {() => <FormView form={this._form} trans={this._trans} isUnsaved={this._isUnsaved} />}
      </UseSignal>
    );
  }
}
