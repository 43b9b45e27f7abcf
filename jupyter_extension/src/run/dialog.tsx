/** The dialog with the form of a run. */

import { ReactWidget } from '@jupyterlab/apputils';

import { SendDialog } from '../ui/sendDialog';
import { RunFormView } from './form';
import type { RunForm } from './formModel';

export interface RunDialogOptions {
  form: RunForm;
  /** The notebook's name. */
  name: string;
  /** Starts the run; what it throws is shown, and the dialog stays. */
  start: () => Promise<void>;
}

export class RunDialog extends SendDialog {
  constructor({ form, name, start }: RunDialogOptions) {
    const { isDirty, trans } = form.options;
    super({
      form,
      title: trans.__('Run %1 as a pipeline', name),
      body: ReactWidget.create(<RunFormView form={form} name={name} />),
      label: () => (isDirty && form.values.source === 'file' ? trans.__('Save and run') : trans.__('Run')),
      className: 'nb2pipe-mod-run',
      trans,
      send: start
    });
  }
}
