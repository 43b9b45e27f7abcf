/** The schedules of the service. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { EventFeed, FeedEvent } from '../api/events';
import type { operations } from '../api/schema';
import { asError } from './body';

type Answer = operations['listSchedules']['responses'][200]['content']['application/json'];
export type Listed = Answer['schedules'][number];

const PAGE = 100;
const MOST = 500;
const GONE = 404;

export interface ListOptions {
  client: Client;
  events: EventFeed;
}

/** Follows the service's events. One look is under way at most; what happens meanwhile is followed by another. */
export class ScheduleList implements IDisposable {
  constructor(private readonly _options: ListOptions) {
    _options.events.received.connect(this._onEvent, this);
    _options.events.connectedChanged.connect(this._onConnected, this);
    this.refresh();
  }

  /** Anything of this list. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Null until they are known. */
  get answer(): Answer | null {
    return this._answer;
  }

  /** Whether any needs a scheduler of this machine; those elsewhere do not. */
  get needsScheduler(): boolean {
    const { total = 0, schedules = [] } = this._answer ?? {};
    return total > schedules.length || schedules.some(each => !each.schedule?.target);
  }

  /** What went wrong last; null where nothing did, or it was read. */
  get error(): ApiError | null {
    return this._error;
  }

  /** Name of a schedule that was to be changed, and was no longer there; empty where there was none. */
  get gone(): string {
    return this._gone;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether something is being done to a schedule. */
  isBusy(id: string): boolean {
    return this._busy.has(id);
  }

  /** Look again. */
  refresh(): void {
    this._isWanted = true;
    if (!this._isLoading) {
      void this._loadWanted();
    }
  }

  /** Show a page more. */
  showMore(): void {
    this._limit = Math.min(this._limit + PAGE, MOST);
    this.refresh();
  }

  /** Forget what went wrong. */
  clear(): void {
    this._error = null;
    this._gone = '';
    this._changed.emit();
  }

  /** @returns false where it was refused, and `error` or `gone` says why */
  pause(entry: Listed): Promise<boolean> {
    return this._do(entry, (client, params) => client.post('/schedules/{schedule}/pause', { params }));
  }

  /** @returns as for `pause` */
  resume(entry: Listed): Promise<boolean> {
    return this._do(entry, (client, params) => client.post('/schedules/{schedule}/resume', { params }));
  }

  /** @returns as for `pause` */
  trigger(entry: Listed): Promise<boolean> {
    return this._do(entry, (client, params) => client.post('/schedules/{schedule}/trigger', { params }));
  }

  /** @returns the id of its latest run, empty where it has none; null where it was refused, as for `pause` */
  async latestRun(entry: Listed): Promise<string | null> {
    let found: string | null = null;
    await this._do(entry, async (client, params) => {
      const { firings } = await client.get('/schedules/{schedule}', { params });
      found = firings.find(each => each.run_id !== '')?.run_id ?? '';
    });
    return found;
  }

  /**
   * Forget a schedule. One that was forgotten elsewhere is as good.
   * @param force though others come after it
   * @returns as for `pause`
   */
  async remove(entry: Listed, force = false): Promise<boolean> {
    const isDone = await this._do(entry, (client, params) =>
      client.delete('/schedules/{schedule}', { params, query: { force } })
    );
    if (this._gone) {
      this.clear();
      return true;
    }
    return isDone;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._options.events.received.disconnect(this._onEvent, this);
      this._options.events.connectedChanged.disconnect(this._onConnected, this);
      this._abort.abort();
      Signal.clearData(this);
    }
  }

  private async _do(
    entry: Listed,
    ask: (client: Client, params: { schedule: string }) => Promise<unknown>
  ): Promise<boolean> {
    this._busy.add(entry.id);
    this.clear();
    try {
      await ask(this._options.client, { schedule: entry.id });
      return true;
    } catch (error) {
      const found = asError(error);
      if (found.status === GONE && !found.isMissing) {
        this._gone = entry.name;
      } else {
        this._error = found;
      }
      return false;
    } finally {
      this._busy.delete(entry.id);
      if (!this._isDisposed) {
        this._changed.emit();
        this.refresh();
      }
    }
  }

  private _onEvent(_: EventFeed, { kind }: FeedEvent): void {
    if (kind === 'schedules' || kind === 'reset' || kind === 'run') {
      this.refresh();
    }
  }

  private _onConnected(_: EventFeed, isConnected: boolean): void {
    if (isConnected) {
      this.refresh();
    }
  }

  private async _loadWanted(): Promise<void> {
    this._isLoading = true;
    while (this._isWanted && !this._isDisposed) {
      this._isWanted = false;
      await this._load();
    }
    this._isLoading = false;
  }

  private async _load(): Promise<void> {
    try {
      this._answer = await this._options.client.get('/schedules', {
        query: { limit: this._limit },
        signal: this._abort.signal
      });
      if (this._error?.isOffline) {
        this._error = null;
      }
    } catch (error) {
      this._error = asError(error);
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _abort = new AbortController();
  private readonly _busy = new Set<string>();
  private _answer: Answer | null = null;
  private _error: ApiError | null = null;
  private _gone = '';
  private _limit = PAGE;
  private _isWanted = false;
  private _isLoading = false;
  private _isDisposed = false;
}
