/** The tab with the table of runs. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { HistoryModel } from './model';
import { HistoryView, type HistoryActions } from './view';

export interface HistoryOptions {
  model: HistoryModel;
  tracker: INotebookTracker;
  actions: HistoryActions;
  trans: TranslationBundle;
}

export class HistoryWidget extends ReactWidget {
  constructor(private readonly _options: HistoryOptions) {
    super();
    this.addClass('nb2pipe-Panel');
    this.addClass('nb2pipe-History');
    const { model, tracker } = _options;
    model.changed.connect(this.update, this);
    tracker.currentChanged.connect(this.update, this);
    void model.refresh();
  }

  override dispose(): void {
    const { model, tracker } = this._options;
    model.changed.disconnect(this.update, this);
    tracker.currentChanged.disconnect(this.update, this);
    model.dispose();
    super.dispose();
  }

  protected override render(): ReactElement {
    const { tracker } = this._options;
    return <HistoryView {...this._options} current={tracker.currentWidget?.context.localPath ?? null} />;
  }
}
