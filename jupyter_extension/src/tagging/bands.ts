/** Draws the bands of one open notebook. */

import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt, type ReadonlyJSONValue } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';
import { Signal } from '@lumino/signaling';

import type { PipelineModel } from '../notebook/pipelineModel';
import type { IStepStates } from '../notebook/stepStates';
import { type Band, bandsOf } from './band';
import { BandHeader } from './header';

export interface BandsOptions {
  panel: NotebookPanel;
  pipeline: PipelineModel;
  states: IStepStates | null;
  trans: TranslationBundle;
  /** Opens the menu of the cell that is active then. */
  openMenu: (button: HTMLElement) => void;
  /** Called when a pointer goes down on the header of a cell where a step begins. */
  grab: (panel: NotebookPanel, cell: Cell, event: PointerEvent) => void;
}

/**
 * Keeps each cell's band as its tags say, until the notebook is closed. A cell's widget is there before it is attached,
 * so that cells far below have theirs as well.
 */
export class Bands implements IDisposable {
  constructor(private readonly _options: BandsOptions) {
    const { panel, pipeline, states } = _options;
    panel.content.model?.contentChanged.connect(this._onChange, this);
    pipeline.changed.connect(this._onChange, this);
    states?.changed.connect(this._onChange, this);
    panel.disposed.connect(this.dispose, this);
    this._onChange();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  /** Once for all changes of a moment, such as those of one edit. */
  private _onChange(): void {
    if (!this._isWaiting) {
      this._isWaiting = true;
      queueMicrotask(() => {
        this._isWaiting = false;
        if (!this._isDisposed) {
          this._draw();
        }
      });
    }
  }

  private _draw(): void {
    const { panel, pipeline, states } = this._options;
    const path = panel.context.localPath;
    const model = panel.content.model;
    if (!model) {
      return;
    }
    const bands = bandsOf(model, pipeline, step => states?.stateOf(path, step)?.state ?? null);
    const byId = new Map(Array.from(model.cells, (cell, index) => [cell.id, bands[index] ?? null]));
    panel.content.widgets.forEach(cell => this._drawCell(cell, byId.get(cell.model.id) ?? null));
  }

  private _drawCell(cell: Cell, band: Band | null): void {
    const drawn = this._drawn.get(cell) ?? null;
    if (same(band, drawn)) {
      return;
    }
    this._drawn.set(cell, band);
    mark(cell.node, band);
    let header = this._headers.get(cell);
    if (!band?.header) {
      header?.dispose();
      this._headers.delete(cell);
      return;
    }
    if (!header) {
      const { panel, trans, grab } = this._options;
      header = new BandHeader({
        trans,
        onMenu: button => this._onMenu(cell, button),
        onGrab: event => grab(panel, cell, event)
      });
      this._headers.set(cell, header);
      (cell.layout as PanelLayout).insertWidget(0, header);
    }
    header.present(band, band.header);
  }

  private _onMenu(cell: Cell, button: HTMLElement): void {
    const { content } = this._options.panel;
    content.deselectAll();
    content.activeCellIndex = content.widgets.indexOf(cell);
    this._options.openMenu(button);
  }

  private readonly _drawn = new WeakMap<Cell, Band | null>();
  private readonly _headers = new WeakMap<Cell, BandHeader>();
  private _isWaiting = false;
  private _isDisposed = false;
}

function mark({ dataset }: HTMLElement, band: Band | null): void {
  if (band) {
    dataset['nb2pipeBand'] = band.kind;
    dataset['nb2pipeColour'] = String(band.colour);
  } else {
    delete dataset['nb2pipeBand'];
    delete dataset['nb2pipeColour'];
  }
}

function same(one: Band | null, other: Band | null): boolean {
  return JSONExt.deepEqual(one as unknown as ReadonlyJSONValue, other as unknown as ReadonlyJSONValue);
}
