/** Runs by pages, newest first, kept up with events. */

import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

import { ApiError } from '../api/errors';
import type { FeedEvent } from '../api/events';
import type { operations } from '../api/schema';
import type { Run, RunState } from '../api/types';
import type { INb2pipe } from '../tokens';

export const PAGE = 50;

export type Sort = NonNullable<NonNullable<operations['listRuns']['parameters']['query']>['sort']>;

/** Where the most comes first at first: the newest, the longest. */
const MOST_FIRST: readonly Sort[] = ['created', 'duration'];

export interface HistoryFilter {
  /** Null for all states. */
  state: RunState | null;
  /** Path of the notebook; null for all. */
  notebook: string | null;
  /** Stands anywhere in id, notebook, pipeline or user; empty for all. */
  text: string;
}

export class HistoryModel implements IDisposable {
  /**
   * @param delayMs pause before runs that began are looked for, so that many are one request
   */
  constructor(
    private readonly _service: Pick<INb2pipe, 'client' | 'events'>,
    delayMs = 200
  ) {
    this._debounced = new Debouncer(() => this.refresh(), delayMs);
    _service.events.received.connect(this._onEvent, this);
    _service.events.connectedChanged.connect(this._onConnected, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The runs of the page; null until they are read. */
  get runs(): readonly Run[] | null {
    return this._runs;
  }

  /** What the list is in the order of. */
  get sort(): Sort {
    return this._sort;
  }

  /** Whether the least comes first. */
  get isAscending(): boolean {
    return this._isAscending;
  }

  /** Order the list by this; a second time, the other way round. */
  sortBy(sort: Sort): void {
    this._isAscending = sort === this._sort ? !this._isAscending : !MOST_FIRST.includes(sort);
    this._sort = sort;
    this._befores = [];
    void this.refresh();
  }

  get filter(): Readonly<HistoryFilter> {
    return this._filter;
  }

  /** From 0. */
  get page(): number {
    return this._befores.length;
  }

  get hasOlder(): boolean {
    return this._next !== null;
  }

  get problem(): ApiError | null {
    return this._problem;
  }

  get isConnected(): boolean {
    return this._service.events.isConnected;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ids of the runs that are to be compared, at most two, the one chosen last at the end. */
  get chosen(): readonly string[] {
    return this._chosen;
  }

  /** Choose a run for comparison, or leave it out again; of three the first is left out. */
  choose(id: string): void {
    const others = this._chosen.filter(each => each !== id);
    this._chosen = others.length < this._chosen.length ? others : [...others, id].slice(-2);
    this._changed.emit();
  }

  setFilter(filter: Partial<HistoryFilter>): void {
    this._filter = { ...this._filter, ...filter };
    this._befores = [];
    void this.refresh();
  }

  older(): void {
    if (this._next !== null) {
      this._befores.push(this._next);
      void this.refresh();
    }
  }

  newer(): void {
    if (this._befores.pop() !== undefined) {
      void this.refresh();
    }
  }

  /** Read the page anew. Of answers that overtake each other the one asked for last counts. */
  async refresh(): Promise<void> {
    const asked = ++this._asked;
    this._changed.emit();
    const { state, notebook, text } = this._filter;
    const before = this._befores.at(-1);
    try {
      const answer = await this._service.client.get('/runs', {
        query: {
          limit: PAGE,
          ...(state === null ? {} : { state: [state] }),
          ...(notebook === null ? {} : { notebook }),
          ...(text === '' ? {} : { text }),
          ...(this._sort === 'created' ? {} : { sort: this._sort }),
          ...(this._isAscending ? { ascending: true } : {}),
          ...(before === undefined ? {} : { before })
        }
      });
      if (asked === this._asked) {
        this._runs = answer.runs;
        this._next = answer.next;
        this._problem = null;
      }
    } catch (error) {
      if (asked === this._asked) {
        this._fail(error);
      }
    }
    if (!this._isDisposed) {
      this._changed.emit();
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

  private _fail(error: unknown): void {
    const found = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
    if (found.status === 404 && !found.isMissing && this._befores.length > 0) {
      this._befores = []; // the run that the page begins behind was removed
      void this.refresh();
      return;
    }
    this._problem = found;
  }

  private _onEvent(_: unknown, event: FeedEvent): void {
    if (event.kind === 'run') {
      const old = this._runs?.find(each => each.id === event.data.id);
      const isRight = this._filter.state === null || this._filter.state === event.data.state;
      if (old && isRight) {
        const found = { ...old, ...event.data };
        this._runs = (this._runs ?? []).map(each => (each === old ? found : each));
        this._changed.emit();
        if (this._sort !== 'created' && found.state !== old.state) {
          this._refreshSoon(); // its place may be another
        }
      } else if (old || this.page === 0) {
        this._refreshSoon();
      }
    } else if (event.kind === 'run-removed' && this._runs?.some(each => each.id === event.data.id)) {
      this._runs = this._runs.filter(each => each.id !== event.data.id);
      this._changed.emit();
    } else if (event.kind === 'reset') {
      this._refreshSoon();
    }
  }

  private _onConnected(_: unknown, isConnected: boolean): void {
    if (isConnected) {
      this._refreshSoon();
    }
    this._changed.emit();
  }

  private _refreshSoon(): void {
    void this._debounced.invoke().catch(() => undefined); // rejected where it is disposed meanwhile
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _debounced: Debouncer<void>;
  private _runs: readonly Run[] | null = null;
  private _filter: HistoryFilter = { state: null, notebook: null, text: '' };
  private _sort: Sort = 'created';
  private _isAscending = false;
  /** Ids that the pages up to this one begin behind. */
  private _befores: string[] = [];
  private _chosen: readonly string[] = [];
  private _next: string | null = null;
  private _problem: ApiError | null = null;
  private _asked = 0;
  private _isDisposed = false;
}
