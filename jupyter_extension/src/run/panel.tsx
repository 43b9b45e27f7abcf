/** The side panel that shows a run. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { Action } from '../ui/action';
import { Empty } from '../ui/empty';
import type { ShownRun } from './shownRun';
import { RunView, type RunActions } from './view';

export interface RunPanelOptions {
  shown: ShownRun;
  actions: RunActions;
  trans: TranslationBundle;
}

export class RunPanel extends ReactWidget {
  constructor(private readonly _options: RunPanelOptions) {
    super();
    this.addClass('nb2pipe-Panel');
    this.addClass('nb2pipe-RunPanel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _options.trans.__('Run'));
    _options.shown.changed.connect(this.update, this);
  }

  override dispose(): void {
    this._options.shown.changed.disconnect(this.update, this);
    super.dispose();
  }

  protected override render(): ReactElement {
    const { shown, actions, trans } = this._options;
    if (shown.id) {
      return <RunView {...this._options} />;
    }
    return (
      <Empty title={trans.__('No run is shown')}>
        <p>{trans.__('“Run as Pipeline” above a notebook runs its steps. How they go is shown here.')}</p>
        <Action onClick={actions.history}>{trans.__('All runs')}</Action>
      </Empty>
    );
  }
}
