/** Why one step waits for another, in the service's words. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Edge } from '../api/types';

/** `text`: of the notebook as it is in the editor. */
export interface ExplainedNotebook {
  path: () => string;
  text: () => string;
}

/** What is known about the edge that was asked about last. */
export class Explanation implements IDisposable {
  constructor(
    private readonly _client: Pick<Client, 'post'>,
    private readonly _notebook: ExplainedNotebook
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null while nothing is explained. */
  get edge(): Edge | null {
    return this._edge;
  }

  /** Null until there is an answer. */
  get reasons(): readonly string[] | null {
    return this._reasons;
  }

  /** Why there is no answer. */
  get problem(): ApiError | null {
    return this._problem;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ask about an edge, and forget the one before. */
  async explain(edge: Edge): Promise<void> {
    this._set(edge, null, null);
    const { signal } = this._abort;
    const { source, target } = edge;
    const body = { path: this._notebook.path(), text: this._notebook.text(), source, target };
    try {
      const { reasons } = await this._client.post('/notebooks/why', { body, signal });
      if (!signal.aborted) {
        this._set(edge, reasons, null);
      }
    } catch (error) {
      if (!signal.aborted) {
        this._set(
          edge,
          null,
          error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500)
        );
      }
    }
  }

  close(): void {
    this._set(null, null, null);
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._abort.abort();
      Signal.clearData(this);
    }
  }

  private _set(edge: Edge | null, reasons: readonly string[] | null, problem: ApiError | null): void {
    this._abort.abort();
    this._abort = new AbortController();
    [this._edge, this._reasons, this._problem] = [edge, reasons, problem];
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _abort = new AbortController();
  private _edge: Edge | null = null;
  private _reasons: readonly string[] | null = null;
  private _problem: ApiError | null = null;
  private _isDisposed = false;
}
