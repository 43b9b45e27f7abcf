/** The tab with a comparison. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { ReactElement } from 'react';

import { type CompareProps, CompareView } from './view';

export class CompareWidget extends ReactWidget {
  constructor(private readonly _props: CompareProps) {
    super();
    this.addClass('nb2pipe-Panel');
    this.addClass('nb2pipe-Compare');
    this.ids = _props.model.ids;
    _props.model.changed.connect(this.update, this);
    void _props.model.refresh();
  }

  /** The runs as they were asked for. */
  readonly ids: readonly [string, string];

  override dispose(): void {
    this._props.model.changed.disconnect(this.update, this);
    this._props.model.dispose();
    super.dispose();
  }

  protected override render(): ReactElement {
    return <CompareView {...this._props} />;
  }
}
