/** Runs of one notebook with their metrics, kept up with what ends. */

import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

import { ApiError } from '../api/errors';
import type { FeedEvent } from '../api/events';
import type { Run } from '../api/types';
import { isFinal } from '../run/liveSteps';
import type { INb2pipe } from '../tokens';
import { metricNames } from './series';

export const PAGE = 100;

export class MetricsModel implements IDisposable {
  /**
   * @param notebook its path as the server names it
   * @param delayMs pause before runs that ended are read, so that many are one request
   */
  constructor(
    private readonly _service: Pick<INb2pipe, 'client' | 'events'>,
    readonly notebook: string,
    delayMs = 300
  ) {
    this._debounced = new Debouncer(() => this.refresh(), delayMs);
    _service.events.received.connect(this._onEvent, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** In the order of time; null until they are read. */
  get runs(): readonly Run[] | null {
    return this._runs;
  }

  get names(): readonly string[] {
    return metricNames(this._runs ?? []);
  }

  /** Names of the metrics that are shown. */
  get shown(): readonly string[] {
    return this.names.filter(name => !this._hidden.has(name));
  }

  get hasOlder(): boolean {
    return this._hasOlder;
  }

  get problem(): ApiError | null {
    return this._problem;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  toggle(name: string): void {
    if (!this._hidden.delete(name)) {
      this._hidden.add(name);
    }
    this._changed.emit();
  }

  /** Read so many more runs that are older. */
  older(): Promise<void> {
    this._pages += 1;
    return this.refresh();
  }

  async refresh(): Promise<void> {
    const asked = ++this._asked;
    try {
      const found: Run[] = [];
      let before: string | null = null;
      let hasOlder = true;
      for (let page = 0; page < this._pages && hasOlder; page += 1) {
        const query = { notebook: this.notebook, limit: PAGE, ...(before === null ? {} : { before }) };
        const answer: { runs: Run[]; next: string | null } = await this._service.client.get('/runs', {
          query
        });
        found.push(...answer.runs);
        before = answer.next;
        hasOlder = before !== null;
      }
      this._settle(asked, () => {
        this._runs = found.reverse();
        this._hasOlder = hasOlder;
        this._problem = null;
      });
    } catch (error) {
      const problem = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
      this._settle(asked, () => (this._problem = problem));
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._debounced.dispose();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _settle(asked: number, take: () => void): void {
    if (asked === this._asked && !this._isDisposed) {
      take();
      this._changed.emit();
    }
  }

  private _onEvent(_: unknown, event: FeedEvent): void {
    const isEnd = event.kind === 'run' && isFinal(event.data.state);
    if (isEnd || event.kind === 'run-removed' || event.kind === 'reset') {
      void this._debounced.invoke().catch(() => undefined); // rejected where it is disposed meanwhile
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _debounced: Debouncer<void>;
  private readonly _hidden = new Set<string>();
  private _runs: readonly Run[] | null = null;
  private _pages = 1;
  private _hasOlder = false;
  private _problem: ApiError | null = null;
  private _asked = 0;
  private _isDisposed = false;
}
