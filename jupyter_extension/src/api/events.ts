/** The service's stream of changes, as a signal. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from './client';
import { EventParser, type RawEvent } from './sse';
import type { components } from './schema';
import type { ImageBuild, Run, StepRun } from './types';

interface Place {
  run_id: string;
  step: string;
  attempt: number;
}

/** What each kind of event says. `reset`: not all changes were seen, so load again what is shown. */
export interface EventData {
  hello: { version: string };
  reset: { reason: string };
  run: Partial<Run> & Pick<Run, 'id' | 'state'> & { notebook: string | null };
  'run-removed': { id: string };
  step: Partial<StepRun> & Place;
  cell: Place & components['schemas']['CellRun'];
  log: Place & { offset: number; next_offset: number; text: string };
  schedules: Record<string, never>;
  image: ImageBuild;
  'image-log': { build_id: string; offset: number; next_offset: number; text: string };
}
export type FeedEvent = { [K in keyof EventData]: { kind: K; data: EventData[K] } }[keyof EventData];

const KINDS: Record<FeedEvent['kind'], true> = {
  hello: true,
  reset: true,
  run: true,
  'run-removed': true,
  step: true,
  cell: true,
  log: true,
  schedules: true,
  image: true,
  'image-log': true
};
/** The service says something every 15 s; who hears nothing for so long has lost it. */
const SILENCE_MS = 45_000;
const LONGEST_PAUSE_MS = 30_000;

export interface FeedOptions {
  client: Client;
  /** Only events of these runs, by their whole ids, and those of no run. */
  run?: readonly string[];
  /** Also what the cells of these runs print. */
  logs?: boolean;
  /** Pause before the first try to come back; it doubles with each that fails. */
  pauseMs?: number;
}

/** Listens from `start` on, and comes back by itself to where it was when the connection is lost. */
export class EventFeed implements IDisposable {
  constructor(private readonly _options: FeedOptions) {}

  /** One event. */
  get received(): ISignal<this, FeedEvent> {
    return this._received;
  }

  /** The state of the connection. */
  get connectedChanged(): ISignal<this, boolean> {
    return this._connectedChanged;
  }

  get isConnected(): boolean {
    return this._isConnected;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Listen; a second call does nothing. */
  start(): void {
    if (!this._isStarted && !this._isDisposed) {
      this._isStarted = true;
      void this._listen();
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._abort?.abort();
      clearTimeout(this._silence);
      clearTimeout(this._pause);
      Signal.clearData(this);
    }
  }

  private async _listen(): Promise<void> {
    const abort = new AbortController();
    this._abort = abort;
    try {
      await this._read(abort);
    } catch {
      // Whatever ended it, it is tried again.
    }
    clearTimeout(this._silence);
    this._setConnected(false);
    if (!this._isDisposed) {
      const pauseMs = Math.min(LONGEST_PAUSE_MS, (this._options.pauseMs ?? 1000) * 2 ** this._failures++);
      this._pause = setTimeout(() => void this._listen(), pauseMs * (0.75 + Math.random() / 2));
    }
  }

  private async _read(abort: AbortController): Promise<void> {
    const { client, run, logs } = this._options;
    const query = { run, logs, last_event_id: this._lastId || undefined };
    const response = await client.request('GET', client.url('/events', {}, query), {
      signal: abort.signal,
      headers: { Accept: 'text/event-stream' }
    });
    const reader = response.body
      ?.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .getReader();
    const parser = new EventParser();
    while (reader && !this._isDisposed) {
      clearTimeout(this._silence);
      this._silence = setTimeout(() => abort.abort(), SILENCE_MS);
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      this._failures = 0;
      this._setConnected(true);
      parser.take(value).forEach(event => this._emit(event));
    }
  }

  private _emit({ id, kind, data }: RawEvent): void {
    this._lastId = id;
    if (kind in KINDS) {
      this._received.emit({ kind, data: JSON.parse(data) } as FeedEvent);
    }
  }

  private _setConnected(isConnected: boolean): void {
    if (this._isConnected !== isConnected) {
      this._isConnected = isConnected;
      this._connectedChanged.emit(isConnected);
    }
  }

  private readonly _received = new Signal<this, FeedEvent>(this);
  private readonly _connectedChanged = new Signal<this, boolean>(this);
  private _abort: AbortController | undefined;
  private _silence: ReturnType<typeof setTimeout> | undefined;
  private _pause: ReturnType<typeof setTimeout> | undefined;
  private _lastId = '';
  private _failures = 0;
  private _isConnected = false;
  private _isStarted = false;
  private _isDisposed = false;
}
