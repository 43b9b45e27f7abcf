/** The tab with the metrics of one notebook. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { ReactElement } from 'react';

import { type MetricsProps, MetricsView } from './view';

export class MetricsWidget extends ReactWidget {
  constructor(private readonly _props: MetricsProps) {
    super();
    this.addClass('nb2pipe-Panel');
    this.addClass('nb2pipe-Metrics');
    this.notebook = _props.model.notebook;
    _props.model.changed.connect(this.update, this);
    void _props.model.refresh();
  }

  /** Path of the notebook. */
  readonly notebook: string;

  override dispose(): void {
    this._props.model.changed.disconnect(this.update, this);
    this._props.model.dispose();
    super.dispose();
  }

  protected override render(): ReactElement {
    return <MetricsView {...this._props} />;
  }
}
