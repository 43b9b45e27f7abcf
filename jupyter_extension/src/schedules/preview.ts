/** What the service says of when a schedule would be due, while that is chosen. */

import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import type { ApiError } from '../api/errors';
import { asError } from './body';
import type { Fields, Stored } from './fields';
import { bodyOf, type Trigger } from './when';

const REFUSED = 422;

export type Preview =
  | { state: 'asking'; trigger: null; times: readonly string[] }
  | { state: 'good'; trigger: Trigger; times: readonly string[] }
  | { state: 'wrong'; trigger: null; times: readonly string[]; error: ApiError };

type Chosen = Pick<Fields, 'when' | 'zone'>;

export interface DuePreviewOptions {
  client: Client;
  /** What is changed; undefined for a new schedule. */
  stored: Stored | undefined;
  initial: Chosen;
  /** Milliseconds without a change before the service is asked. */
  delayMs: number;
}

/** Asks a moment after each change; of answers that overtake each other the one asked for last counts. */
export class DuePreview implements IDisposable {
  /** @param _chosen what is chosen at first */
  constructor(
    private readonly _options: DuePreviewOptions,
    private _chosen: Chosen
  ) {
    this._debounced = new Debouncer(() => this._read(), _options.delayMs);
    void this._read();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get found(): Preview {
    return this._found;
  }

  /** Whether what is chosen cannot be. */
  get isRefused(): boolean {
    return this._found.state === 'wrong' && this._found.error.status === REFUSED;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  choose({ when, zone }: Chosen): void {
    if (when !== this._chosen.when || zone !== this._chosen.zone) {
      this._chosen = { when, zone };
      this._found = { state: 'asking', trigger: null, times: this._found.times };
      void this._debounced.invoke().catch(() => undefined); // rejected where it is disposed meanwhile
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._abort.abort();
      this._debounced.dispose();
      Signal.clearData(this);
    }
  }

  private async _read(): Promise<void> {
    const asked = ++this._asked;
    const found = await this._ask().catch((error: unknown): Preview => {
      return { state: 'wrong', trigger: null, times: [], error: asError(error) };
    });
    if (found && asked === this._asked && !this._isDisposed) {
      this._found = found;
      this._changed.emit();
    }
  }

  /** Null where there is nothing to ask. */
  private async _ask(): Promise<Preview | null> {
    const { client, stored, initial } = this._options;
    const { when, zone } = this._chosen;
    const { signal } = this._abort;
    if (stored && when === initial.when && zone === initial.zone) {
      const path = { params: { schedule: stored.id }, signal };
      const { next_times } = await client.get('/schedules/{schedule}', path); // an interval has its own beginning
      return { state: 'good', trigger: stored.trigger, times: next_times };
    }
    const body = bodyOf(when);
    if (!body) {
      return null;
    }
    const asked = { ...body, ...(zone ? { zone } : {}), count: 5 };
    return { state: 'good', ...(await client.post('/due-times', { body: asked, signal })) };
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _debounced: Debouncer<void>;
  private readonly _abort = new AbortController();
  private _found: Preview = { state: 'asking', trigger: null, times: [] };
  private _asked = 0;
  private _isDisposed = false;
}
