/** Which notebook a picture is of. */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

export interface NotebookSource extends IDisposable {
  /** Null while there is no such notebook. */
  readonly panel: NotebookPanel | null;
  readonly changed: ISignal<NotebookSource, void>;
}

/** The notebook that is or was last in use. */
export class CurrentNotebook implements NotebookSource {
  constructor(private readonly _tracker: INotebookTracker) {
    _tracker.currentChanged.connect(this._onCurrent, this);
  }

  get panel(): NotebookPanel | null {
    return this._tracker.currentWidget;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._tracker.currentChanged.disconnect(this._onCurrent, this);
    Signal.clearData(this);
  }

  private _onCurrent(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _isDisposed = false;
}

/** The notebook of a path, whenever it is open; it keeps it when it is renamed. */
export class NamedNotebook implements NotebookSource {
  constructor(
    private readonly _tracker: INotebookTracker,
    private _path: string
  ) {
    _tracker.widgetAdded.connect(this._look, this);
    this._look();
  }

  get panel(): NotebookPanel | null {
    return this._panel;
  }

  /** As JupyterLab has it. */
  get path(): string {
    return this._path;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._tracker.widgetAdded.disconnect(this._look, this);
    this._leave();
    Signal.clearData(this);
  }

  private _look(): void {
    const found = this._tracker.find(panel => !panel.isDisposed && panel.context.path === this._path) ?? null;
    if (found && !this._panel) {
      this._panel = found;
      found.context.pathChanged.connect(this._onPath, this);
      found.disposed.connect(this._onClosed, this);
      this._changed.emit();
    }
  }

  private _onPath(_: unknown, path: string): void {
    this._path = path;
    this._changed.emit();
  }

  private _onClosed(): void {
    this._leave();
    this._look();
    this._changed.emit();
  }

  private _leave(): void {
    this._panel?.context.pathChanged.disconnect(this._onPath, this);
    this._panel?.disposed.disconnect(this._onClosed, this);
    this._panel = null;
  }

  private readonly _changed = new Signal<this, void>(this);
  private _panel: NotebookPanel | null = null;
  private _isDisposed = false;
}
