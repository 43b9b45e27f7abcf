/** Tells of the end of runs that were started here. */

import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Run } from '../api/types';
import type { LiveRuns } from './liveRuns';
import type { Place } from './opening';
import { durationText } from '../ui/words';

export interface EndingOptions {
  runs: LiveRuns;
  trans: TranslationBundle;
  openCell: (place: Place) => void;
  show: (id: string) => void;
}

export class Endings {
  constructor(private readonly _options: EndingOptions) {
    _options.runs.ended.connect((_, run) => void this._onEnded(run));
  }

  /** Tell of this run's end. */
  watch(id: string): void {
    this._own.add(id);
  }

  private async _onEnded(run: Run): Promise<void> {
    if (!this._own.delete(run.id)) {
      return;
    }
    const { runs, trans } = this._options;
    const name = PathExt.basename(run.notebook ?? run.notebook_path);
    const show = { label: trans.__('Show run'), callback: () => this._options.show(run.id) };
    if (run.state === 'succeeded') {
      Notification.success(trans.__('%1 has run in %2.', name, durationText(run.duration_s)), {
        autoClose: 8000,
        actions: [show]
      });
      return;
    }
    await runs.read(run.id); // its steps, the failure with them
    const failed = runs.get(run.id)?.steps?.find(each => each.state === 'failed');
    const place = { path: run.notebook ?? '', cellId: failed?.failure?.cell_id ?? null };
    const open = { label: trans.__('Open the failed cell'), callback: () => this._options.openCell(place) };
    Notification.emit(
      this._text(run, name, failed?.step ?? ''),
      run.state === 'failed' ? 'error' : 'warning',
      {
        autoClose: false,
        actions: place.cellId !== null && run.notebook !== null ? [open, show] : [show]
      }
    );
  }

  private _text(run: Run, name: string, step: string): string {
    const { trans } = this._options;
    if (run.state === 'failed') {
      return step ? trans.__('%1 failed in step %2.', name, step) : trans.__('%1 failed.', name);
    }
    return run.state === 'cancelled'
      ? trans.__('%1 was cancelled.', name)
      : trans.__('%1 was interrupted.', name);
  }

  private readonly _own = new Set<string>();
}
