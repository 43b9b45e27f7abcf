/** The list of schedules in the main area. */

import { Dialog, Notification, ReactWidget, showDialog, UseSignal } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { clockIcon } from './icons';
import type { Listed, ScheduleList } from './list';
import { type ListActions, ListView } from './listView';
import type { Scheduling } from './scheduling';

const HELD = 422;

export interface SchedulesPanelOptions {
  list: ScheduleList;
  scheduling: Scheduling;
  trans: TranslationBundle;
  /** Open a file. */
  open: (path: string) => void;
  /** Show a run. */
  openRun: (id: string) => void;
}

export class SchedulesPanel extends ReactWidget {
  /** @param _options the list belongs to the panel, and is disposed with it */
  constructor(private readonly _options: SchedulesPanelOptions) {
    super();
    this.addClass('nb2pipe-Schedules');
    this.title.label = _options.trans.__('Schedules');
    this.title.icon = clockIcon;
    this.title.closable = true;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _options.trans.__('Schedules'));
  }

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this._options.list.dispose();
    }
  }

  protected override render(): ReactElement {
    const { list, trans } = this._options;
    return (
      <UseSignal signal={list.changed}>
        {() => <ListView list={list} actions={this._actions} trans={trans} />}
      </UseSignal>
    );
  }

  private async _trigger(entry: Listed): Promise<void> {
    const { list, scheduling, trans } = this._options;
    if ((await list.trigger(entry)) && (await scheduling.ensureScheduler())) {
      Notification.info(trans.__('A run of “%1” was asked for.', entry.name), { autoClose: 4000 });
    }
  }

  private async _openLast(entry: Listed): Promise<void> {
    const { list, openRun, trans } = this._options;
    const run = await list.latestRun(entry);
    if (run) {
      openRun(run);
    } else if (run === '') {
      Notification.info(trans.__('“%1” has no run yet: what was due was left out.', entry.name), {
        autoClose: 4000
      });
    }
  }

  private async _remove(entry: Listed): Promise<void> {
    const { list, trans } = this._options;
    const text = trans.__('It will not run any more. The runs that it had stay.');
    if (!(await this._confirm(entry, text, trans.__('Delete'))) || (await list.remove(entry))) {
      return;
    }
    const { error } = list;
    if (error?.status === HELD && (await this._confirm(entry, error.message, trans.__('Delete Anyway')))) {
      await list.remove(entry, true);
    }
  }

  private async _confirm(entry: Listed, body: string, label: string): Promise<boolean> {
    const { trans } = this._options;
    const { button } = await showDialog({
      title: trans.__('Delete schedule “%1”?', entry.name),
      body,
      buttons: [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.warnButton({ label })],
      defaultButton: 0
    });
    return button.accept;
  }

  private async _startScheduler(): Promise<void> {
    await this._options.scheduling.ensureScheduler();
    this._options.list.refresh();
  }

  private async _edit(entry: Listed): Promise<void> {
    await this._options.scheduling.edit(entry);
    this._options.list.refresh();
  }

  private readonly _actions: ListActions = {
    edit: entry => void this._edit(entry),
    open: path => this._options.open(path),
    openLast: entry => void this._openLast(entry),
    pause: entry => void this._options.list.pause(entry),
    remove: entry => void this._remove(entry),
    resume: entry => void this._options.list.resume(entry),
    startScheduler: () => void this._startScheduler(),
    trigger: entry => void this._trigger(entry)
  };
}
