/** The tab of one run. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';

import type { Client } from '../api/client';
import type { DetailModel } from './model';
import { graphOfRun, type RunGraph } from './runGraph';
import { RunDetailView, type DetailActions } from './view';

export interface RunDetailOptions {
  client: Client;
  model: DetailModel;
  actions: DetailActions;
  trans: TranslationBundle;
}

export class RunDetail extends ReactWidget {
  constructor(private readonly _options: RunDetailOptions) {
    super();
    this.addClass('nb2pipe-Panel');
    this.addClass('nb2pipe-RunDetail');
    _options.model.changed.connect(this._onModel, this);
    this._onModel();
  }

  get model(): DetailModel {
    return this._options.model;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.changed.disconnect(this._onModel, this);
      this.model.dispose();
      this._graph?.dispose();
      super.dispose();
    }
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.model.shown.setSeen(true);
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this.model.shown.setSeen(false);
  }

  protected override render(): ReactElement {
    const { model, actions, trans } = this._options;
    return <RunDetailView model={model} graph={this._graph?.model ?? null} actions={actions} trans={trans} />;
  }

  private _onModel(): void {
    const { client, model } = this._options;
    const { pipeline, shown, source } = model;
    if (!this._graph && pipeline && source) {
      this._graph = graphOfRun({ client, shown, pipeline, source });
      this._graph.model.changed.connect(this.update, this);
    }
    const step = shown.step?.step;
    const first = pipeline?.steps.find(each => each.name === step)?.cells[0];
    this._graph?.model.setActiveCell(first === undefined ? null : (this._graph.idOf(first) ?? null));
    this.update();
  }

  private _graph: RunGraph | null = null;
}
