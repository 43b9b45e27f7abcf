/** A widget that shows the pipeline of a notebook, in the side or in the main area. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { ReactWidget } from '@jupyterlab/apputils';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { ReactElement } from 'react';

import type { IStepStates } from '../notebook/stepStates';
import type { INb2pipe, IPipelineModels } from '../tokens';
import { Empty } from '../ui/empty';
import type { Beginnings } from './banner';
import { GraphModel } from './graphModel';
import type { Direction } from './layout';
import { goToPlace } from './navigation';
import type { NotebookSource } from './source';
import { PipelineView } from './view';

export interface PanelOptions {
  service: INb2pipe;
  models: IPipelineModels;
  source: NotebookSource;
  states: IStepStates | null;
  shell: JupyterFrontEnd.IShell;
  trans: TranslationBundle;
  direction: Direction;
  /** Opens the same in the main area; null there. */
  onLarge: ((path: string) => void) | null;
  /** Opens an example; null where that is no place for it. */
  onTour: (() => void) | null;
  /** Tags the notebook; null where it may not be the current one. */
  begin: Beginnings | null;
}

export class PipelinePanel extends ReactWidget {
  constructor(private readonly _options: PanelOptions) {
    super();
    this.addClass('nb2pipe-Panel');
    const { service, source } = _options;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _options.trans.__('Pipeline'));
    source.changed.connect(this._onSource, this);
    service.availableChanged.connect(this._onSource, this);
    this._onSource();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._leave();
      this._options.source.dispose();
      Signal.clearData(this);
      super.dispose();
    }
  }

  protected override render(): ReactElement {
    const { trans, onLarge, onTour, begin, shell } = this._options;
    const [panel, model] = [this._panel, this._model];
    if (panel && model) {
      return (
        <PipelineView
          key={panel.id}
          tools={{ model, trans, go: place => void goToPlace(shell, panel, place) }}
          isUnsaved={panel.context.model.dirty}
          onLarge={onLarge && (() => onLarge(panel.context.path))}
          begin={begin}
        />
      );
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
        {onTour && (
          <button className="jp-Dialog-button jp-mod-accept jp-mod-styled" onClick={onTour}>
            {trans.__('Take the tour')}
          </button>
        )}
      </Empty>
    );
  }

  private _onSource(): void {
    const { service, source } = this._options;
    const { panel } = source;
    this._leave();
    if (panel && service.isAvailable) {
      void panel.context.ready.then(() => {
        if (source.panel === panel && !panel.isDisposed && !this.isDisposed && this._panel !== panel) {
          this._enter(panel);
        }
      });
    }
    this.update();
  }

  private _enter(panel: NotebookPanel): void {
    this._leave();
    const { models, service, states, direction } = this._options;
    this._panel = panel;
    this._model = new GraphModel({
      notebook: panel.context.model,
      path: () => panel.context.localPath,
      pipeline: models.for(panel),
      client: service.client,
      states,
      direction
    });
    this._model.changed.connect(this.update, this);
    panel.context.model.stateChanged.connect(this.update, this);
    panel.content.activeCellChanged.connect(this._onActiveCell, this);
    this._onActiveCell(panel.content);
    this.update();
  }

  private _leave(): void {
    this._model?.dispose();
    if (this._panel && !this._panel.isDisposed) {
      this._panel.context.model.stateChanged.disconnect(this.update, this);
      this._panel.content.activeCellChanged.disconnect(this._onActiveCell, this);
    }
    this._model = null;
    this._panel = null;
  }

  private _onActiveCell(notebook: Notebook): void {
    this._model?.setActiveCell(notebook.activeCell?.model.id ?? null);
  }

  private _model: GraphModel | null = null;
  private _panel: NotebookPanel | null = null;
}
