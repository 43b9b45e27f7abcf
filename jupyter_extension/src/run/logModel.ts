/** What a step printed, as it grows. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { EventData } from '../api/events';
import { plain } from './plain';

/** So much of a log is shown at first, and followed: about 4000 lines. */
const SHOWN_BYTES = 262_144;
const PART_BYTES = 1_048_576;
/** More than this makes a page slow. */
const MOST_CHARACTERS = 16_000_000;

export interface LogOptions {
  client: Pick<Client, 'get'>;
  run: string;
  step: string;
  attempt: number;
}

/** One step's log: its end at first, all of it once that is asked for. */
export class LogModel implements IDisposable {
  constructor(readonly options: LogOptions) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What there is to show, without escape sequences. */
  get text(): string {
    return (this._plain ??= plain(this._text));
  }

  /** Whether what comes before the text was left out. */
  get isCut(): boolean {
    return this._isCut;
  }

  get problem(): ApiError | null {
    return this._problem;
  }

  /** Whether it has been asked about. */
  get isRead(): boolean {
    return this._isRead;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Read what is new; at first the end. */
  async read(): Promise<void> {
    this._isWanted = true;
    while (this._isWanted && !this._isReading && !this._isDisposed) {
      this._isWanted = false;
      this._isReading = true;
      try {
        await this._readParts();
        this._problem = null;
      } catch (error) {
        this._fail(error);
      }
      this._isRead = true;
      this._isReading = false;
      this._emit();
    }
  }

  /** Take an event; of one that does not follow what is here, the part between is read. */
  take({ step, attempt, offset, next_offset, text }: EventData['log']): void {
    const { options } = this;
    if (step !== options.step || attempt !== options.attempt || next_offset <= this._next) {
      return;
    }
    if (offset === this._next && !this._isReading && this._isRead) {
      this._add(text, next_offset);
      this._emit();
    } else {
      void this.read();
    }
  }

  /** Read it from its beginning, and leave nothing out from now on. */
  async showAll(): Promise<void> {
    this._isAll = true;
    this._isCut = false;
    this._isRead = false;
    this._next = 0;
    this._text = '';
    this._plain = null;
    this._generation += 1;
    await this.read();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private async _readParts(): Promise<void> {
    const { client, run, step, attempt } = this.options;
    const generation = this._generation;
    let isEnd = false;
    while (!isEnd && !this._isDisposed) {
      const offset = this._isRead || this._isAll || this._next > 0 ? this._next : -SHOWN_BYTES;
      const part = await client.get('/runs/{run}/steps/{step}/log', {
        params: { run, step },
        query: { attempt, offset, limit: PART_BYTES }
      });
      if (generation !== this._generation) {
        return; // it begins anew
      }
      this._isCut ||= offset < 0 && part.offset > 0;
      isEnd = part.next_offset >= part.size_bytes || part.next_offset <= this._next;
      this._add(part.text, part.next_offset);
    }
  }

  private _add(text: string, next: number): void {
    const most = this._isAll ? MOST_CHARACTERS : SHOWN_BYTES * 2;
    this._text += text;
    if (this._text.length > most) {
      const from = this._text.indexOf('\n', this._text.length - most / 2) + 1;
      this._text = this._text.slice(from || this._text.length - most / 2);
      this._isCut = true;
    }
    this._next = next;
    this._plain = null;
  }

  private _fail(error: unknown): void {
    const found = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
    // A step that has not begun, or that another run did before, has no log.
    this._problem = found.status === 404 ? null : found;
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _text = '';
  private _plain: string | null = '';
  private _next = 0;
  private _generation = 0;
  private _isCut = false;
  private _isAll = false;
  private _isRead = false;
  private _isReading = false;
  private _isWanted = false;
  private _problem: ApiError | null = null;
  private _isDisposed = false;
}
