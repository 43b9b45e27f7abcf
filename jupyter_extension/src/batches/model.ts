/** Batches, and the runs of the one that is shown, as they go. */

import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

import { ApiError } from '../api/errors';
import type { FeedEvent } from '../api/events';
import type { Batch, BatchHead } from '../api/types';
import type { INb2pipe } from '../tokens';

const AGAIN_MS = 300;
const MOST = 50;

export class BatchesModel implements IDisposable {
  constructor(private readonly _service: Pick<INb2pipe, 'client' | 'events'>) {
    this._debounced = new Debouncer(() => this.refresh(), AGAIN_MS);
    _service.events.received.connect(this._onEvent, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Newest first; null until they were read. */
  get heads(): readonly BatchHead[] | null {
    return this._heads;
  }

  /** The one that is shown. */
  get batch(): Batch | null {
    return this._batch;
  }

  get problem(): ApiError | null {
    return this._problem;
  }

  /** Show a batch. */
  show(id: string): void {
    this._wanted = id;
    void this.refresh();
  }

  async refresh(): Promise<void> {
    const { client } = this._service;
    const asked = ++this._asked;
    try {
      const heads = await client.get('/batches', { query: { limit: MOST } });
      const wanted = this._wanted || heads[0]?.id;
      const batch = wanted ? await client.get('/batches/{batch}', { params: { batch: wanted } }) : null;
      if (asked === this._asked) {
        this._heads = heads;
        this._batch = batch;
        this._problem = null;
      }
    } catch (error) {
      if (asked === this._asked) {
        this._problem = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
      }
    }
    this._emit();
  }

  /** Ask all runs of the batch that is shown to stop. */
  async cancel(): Promise<void> {
    if (this._batch) {
      try {
        await this._service.client.post('/batches/{batch}/cancel', { params: { batch: this._batch.id } });
      } catch (error) {
        this._problem = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
      }
      await this.refresh();
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._debounced.dispose();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _onEvent(_: unknown, event: FeedEvent): void {
    const isOurs = event.kind === 'run' && event.data.batch_id !== '';
    if (isOurs || event.kind === 'run-removed' || event.kind === 'reset') {
      void this._debounced.invoke().catch(() => undefined); // rejected where it is disposed meanwhile
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _debounced: Debouncer<void>;
  private _heads: readonly BatchHead[] | null = null;
  private _batch: Batch | null = null;
  private _problem: ApiError | null = null;
  private _wanted = '';
  private _asked = 0;
  private _isDisposed = false;
}
