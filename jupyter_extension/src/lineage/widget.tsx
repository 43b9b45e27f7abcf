/** The tab with the lineage view. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { ReactElement } from 'react';

import type { LineageTools } from './context';
import { LineageView } from './view';

export class LineageWidget extends ReactWidget {
  constructor(private readonly _tools: LineageTools) {
    super();
    this.addClass('nb2pipe-Panel');
    this.addClass('nb2pipe-Lineage');
    _tools.model.changed.connect(this.update, this);
    void _tools.model.refresh();
  }

  override dispose(): void {
    this._tools.model.changed.disconnect(this.update, this);
    this._tools.model.dispose();
    super.dispose();
  }

  protected override render(): ReactElement {
    return <LineageView tools={this._tools} />;
  }
}
