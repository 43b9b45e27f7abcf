/** The tab with batches. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { ReactElement } from 'react';

import { type BatchesProps, BatchesView } from './view';

export class BatchesWidget extends ReactWidget {
  /** @param props the model belongs to the tab, and is disposed with it */
  constructor(readonly props: BatchesProps) {
    super();
    this.addClass('nb2pipe-Panel');
    this.addClass('nb2pipe-Batches');
    props.model.changed.connect(this.update, this);
    void props.model.refresh();
  }

  override dispose(): void {
    this.props.model.changed.disconnect(this.update, this);
    this.props.model.dispose();
    super.dispose();
  }

  protected override render(): ReactElement {
    return <BatchesView {...this.props} />;
  }
}
