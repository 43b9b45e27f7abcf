/** Making and changing schedules, from the form to the scheduler that sees to them. */

import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Parameter, Schedule } from '../api/types';
import { asError } from './body';
import { askForSchedule } from './dialog';
import type { Fields } from './fields';
import { type FormOptions, ScheduleForm } from './form';
import { momentText } from './times';

const LONGEST_NAME = 40;

export interface SchedulingOptions {
  client: Client;
  trans: TranslationBundle;
  /** Show the list of schedules. */
  showList: () => void;
}

export class Scheduling {
  constructor(private readonly _options: SchedulingOptions) {}

  /** Ask for a new schedule of an open notebook, and keep it. */
  async add(panel: NotebookPanel, parameters: readonly Parameter[]): Promise<void> {
    const { client, trans } = this._options;
    const { context } = panel;
    const path = context.localPath;
    await this._fill({ client, trans, path, parameters }, `new ${path}`, {
      title: trans.__('Schedule “%1”', path),
      isUnsaved: () => context.model.dirty,
      save: async () => {
        if (context.model.dirty) {
          await context.save().catch(() => undefined); // JupyterLab has told why
        }
        if (context.model.dirty) {
          throw new ApiError(
            {
              message: trans.__('The notebook could not be saved.'),
              hint: trans.__('Save it, then schedule it.')
            },
            0
          );
        }
      }
    });
  }

  /** Ask for changes of a schedule, and keep them. */
  async edit(schedule: Schedule): Promise<void> {
    const { client, trans } = this._options;
    const { schedule: stored, notebook: path } = schedule;
    if (stored) {
      const parameters = path === null ? [] : await parametersOf(client, path);
      await this._fill({ client, trans, path, parameters, stored }, stored.id, {
        title: trans.__('Edit Schedule “%1”', schedule.name),
        isUnsaved: () => false,
        save: () => Promise.resolve()
      });
    }
  }

  /**
   * Have a scheduler, and say so if there was none.
   * @returns false where there is none, which the user has been told
   */
  async ensureScheduler(): Promise<boolean> {
    const { client, trans } = this._options;
    try {
      const { scheduler } = await client.get('/scheduler');
      if (!scheduler) {
        await this._start();
      }
      return true;
    } catch (error) {
      Notification.error(trans.__('Schedules do not run: %1', asError(error).text), { autoClose: false });
      return false;
    }
  }

  /** Start a scheduler, which takes some seconds, and say so meanwhile. */
  private async _start(): Promise<void> {
    const { client, trans } = this._options;
    const told = Notification.emit(trans.__('Starting the scheduler …'), 'in-progress', { autoClose: false });
    try {
      await client.post('/scheduler/start');
    } finally {
      Notification.dismiss(told);
    }
  }

  private async _fill(
    options: Omit<FormOptions, 'draft'>,
    key: string,
    { title, isUnsaved, save }: { title: string; isUnsaved: () => boolean; save: () => Promise<void> }
  ): Promise<void> {
    const form = new ScheduleForm({ ...options, draft: this._drafts.get(key) });
    this._drafts.delete(key);
    const { trans } = this._options;
    try {
      for (;;) {
        const outcome = await askForSchedule({ form, title, trans, isUnsaved: isUnsaved() });
        if (outcome !== 'kept') {
          if (outcome === 'left' && form.isTouched) {
            this._drafts.set(key, form.fields);
          }
          return;
        }
        const kept = await keep(form, save);
        if (kept) {
          await this._tell(kept, options.stored === undefined);
          return;
        }
      }
    } finally {
      form.dispose();
    }
  }

  private async _tell(kept: Schedule, isNew: boolean): Promise<void> {
    const { trans, showList } = this._options;
    const target = kept.schedule?.target ?? '';
    if (!target && !(await this.ensureScheduler())) {
      return;
    }
    const name = kept.name.length > LONGEST_NAME ? `${kept.name.slice(0, LONGEST_NAME - 1)}…` : kept.name;
    const next = kept.next_due_at ? trans.__('next %1', momentText(kept.next_due_at)) : '';
    const said = isNew ? trans.__('Scheduled “%1”', name) : trans.__('Changed “%1”', name);
    const promise = target
      ? trans.__('%1 keeps it, whatever becomes of this machine.', target)
      : trans.__('It goes on when JupyterLab is closed.');
    Notification.success(`${[said, next].filter(Boolean).join(', ')}. ${promise}`, {
      autoClose: 8000,
      actions: [{ label: trans.__('Show Schedules'), callback: showList }]
    });
  }

  /** What was entered in forms that were closed. */
  private readonly _drafts = new Map<string, Fields>();
}

async function keep(form: ScheduleForm, save: () => Promise<void>): Promise<Schedule | null> {
  try {
    await save();
  } catch (error) {
    form.fail(error);
    return null;
  }
  return form.keep();
}

/** The parameters of a file; none where it makes no pipeline just now. */
async function parametersOf(client: Client, path: string): Promise<readonly Parameter[]> {
  try {
    return (await client.post('/notebooks/check', { body: { path } })).pipeline?.parameters ?? [];
  } catch {
    return [];
  }
}
