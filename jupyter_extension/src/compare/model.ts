/** Reads all that a comparison of two runs needs. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Run, StepRun } from '../api/types';
import { type CodePart, codeParts, type Diff } from './comparison';

export interface Side {
  run: Run;
  steps: readonly StepRun[];
}
export interface Comparison {
  before: Side;
  after: Side;
  diff: Diff;
  code: readonly CodePart[];
}

export class CompareModel implements IDisposable {
  /** @param _client asks the service */
  constructor(
    private readonly _client: Client,
    first: string,
    second: string
  ) {
    this._ids = [first, second];
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The run that is compared with, and the one that is compared. */
  get ids(): readonly [string, string] {
    return this._ids;
  }

  /** Null until it is read. */
  get comparison(): Comparison | null {
    return this._comparison;
  }

  get problem(): ApiError | null {
    return this._problem;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Look at it from the other run. */
  swap(): Promise<void> {
    this._ids = [this._ids[1], this._ids[0]];
    return this.refresh();
  }

  async refresh(): Promise<void> {
    const ids = this._ids;
    let found: Comparison | null = null;
    let problem: ApiError | null = null;
    try {
      found = await this._read(...ids);
    } catch (error) {
      problem = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
    }
    if (ids === this._ids && !this._isDisposed) {
      this._comparison = found ?? this._comparison;
      this._problem = problem;
      this._changed.emit();
    }
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private async _read(first: string, second: string): Promise<Comparison> {
    const client = this._client;
    const params = { run: second };
    const [diff, before, after, source, pipeline] = await Promise.all([
      client.get('/diff', { query: { first, second } }),
      client.get('/runs/{run}', { params: { run: first } }),
      client.get('/runs/{run}', { params }),
      client.get('/runs/{run}/source', { params }).catch(() => null),
      client.get('/runs/{run}/pipeline', { params }).catch(() => null) // of a notebook that converts no more
    ]);
    return { before, after, diff, code: codeParts(diff.differences.cells, pipeline, source) };
  }

  private readonly _changed = new Signal<this, void>(this);
  private _ids: readonly [string, string];
  private _comparison: Comparison | null = null;
  private _problem: ApiError | null = null;
  private _isDisposed = false;
}
