/** A widget that draws a model. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { ReactElement } from 'react';

export interface ShownModel extends IDisposable {
  readonly changed: ISignal<unknown, unknown>;
  refresh(): Promise<void>;
}

export interface ModelWidgetOptions<M extends ShownModel> {
  /** Read when the widget is made, and disposed with it. */
  model: M;
  /** Its name in style sheets. */
  name: string;
  draw: () => ReactElement;
  /** What it is drawn anew for as well. */
  also?: ISignal<unknown, unknown>;
}

export class ModelWidget<M extends ShownModel> extends ReactWidget {
  constructor({ model, name, draw, also }: ModelWidgetOptions<M>) {
    super();
    this.model = model;
    this._draw = draw;
    this._also = also;
    this.addClass('nb2pipe-Panel');
    this.addClass(name);
    model.changed.connect(this.update, this);
    also?.connect(this.update, this);
    void model.refresh();
  }

  readonly model: M;

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.changed.disconnect(this.update, this);
      this._also?.disconnect(this.update, this);
      this.model.dispose();
      super.dispose();
    }
  }

  protected override render(): ReactElement {
    return this._draw();
  }

  private readonly _draw: () => ReactElement;
  private readonly _also: ISignal<unknown, unknown> | undefined;
}
