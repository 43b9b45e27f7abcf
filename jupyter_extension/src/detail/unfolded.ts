/** What is read of the service when one folds it out, and forgotten when it is folded in again. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import { ApiError } from '../api/errors';

/** Both null while it is asked for. */
export interface Unfolding<V> {
  value: V | null;
  problem: ApiError | null;
}

export class Unfolded<K, V> implements IDisposable {
  /**
   * @param _read - asks for what belongs to a key.
   * @param _name - tells keys apart.
   */
  constructor(
    private readonly _read: (key: K) => Promise<V>,
    private readonly _name: (key: K) => string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Null where it is folded in. */
  of(key: K): Unfolding<V> | null {
    return this._open.get(this._name(key)) ?? null;
  }

  /** Fold it out, or in again. */
  toggle(key: K): void {
    const name = this._name(key);
    if (!this._open.delete(name)) {
      this._open.set(name, { value: null, problem: null });
      void this._fill(key);
    }
    this._changed.emit();
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private async _fill(key: K): Promise<void> {
    const found: Unfolding<V> = { value: null, problem: null };
    try {
      found.value = await this._read(key);
    } catch (error) {
      found.problem = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
    }
    if (this._open.has(this._name(key))) {
      this._open.set(this._name(key), found);
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _open = new Map<string, Unfolding<V>>();
  private _isDisposed = false;
}
