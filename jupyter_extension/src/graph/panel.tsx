/** The panel: the current notebook's steps and findings. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { ReactElement } from 'react';

import type { PipelineModel } from '../notebook/pipelineModel';
import type { INb2pipe, IPipelineModels } from '../tokens';
import { Empty, PipelineView } from './view';

export interface PanelOptions {
  service: INb2pipe;
  models: IPipelineModels;
  tracker: INotebookTracker;
  trans: TranslationBundle;
}

export class PipelinePanel extends ReactWidget {
  constructor(private readonly _options: PanelOptions) {
    super();
    this.addClass('nb2pipe-Panel');
    const { service, tracker } = _options;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _options.trans.__('Pipeline'));
    tracker.currentChanged.connect(this._onCurrent, this);
    service.availableChanged.connect(this._onCurrent, this);
    this._onCurrent();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      Signal.clearData(this);
      super.dispose();
    }
  }

  protected override render(): ReactElement {
    const { trans } = this._options;
    if (this._model) {
      return <PipelineView model={this._model} trans={trans} />;
    }
    if (!this._options.service.isAvailable) {
      return (
        <Empty title={trans.__('nb2pipe is not connected')}>
          {trans.__('Its part in the Jupyter server has not answered.')}
        </Empty>
      );
    }
    return (
      <Empty title={trans.__('No notebook is open')}>
        {trans.__('Open a notebook to see the pipeline that it makes.')}
      </Empty>
    );
  }

  private _onCurrent(): void {
    const panel = this._options.tracker.currentWidget;
    this._use(null);
    if (panel && this._options.service.isAvailable) {
      void panel.context.ready.then(() => {
        if (this._options.tracker.currentWidget === panel && !panel.isDisposed) {
          this._use(panel);
        }
      });
    }
  }

  private _use(panel: NotebookPanel | null): void {
    this._model?.changed.disconnect(this.update, this);
    this._model = panel ? this._options.models.for(panel) : null;
    this._model?.changed.connect(this.update, this);
    this.update();
  }

  private _model: PipelineModel | null = null;
}
