/** What one looks at in the lineage, and the way that one has walked. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Lineage, LineageStart } from '../api/types';
import { PAGE, visible, type Visible } from './visible';

/** Something whose lineage one can ask for. */
export interface Subject {
  /** As the service knows it. */
  name: string;
  /** Where a value of the same step has a metric's name, too. */
  kind?: 'metric' | undefined;
  /** Only this version of a file. */
  digest?: string | undefined;
  /** Short text for a person. */
  label: string;
}

export const DEPTHS: readonly number[] = [2, 4, 6, 10, Infinity];
const NEWEST = 24;
const SUGGESTED = 20;

export class LineageModel implements IDisposable {
  constructor(private readonly _client: Client) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What the picture is of; null before anything was asked for. */
  get subject(): Subject | null {
    return this._trail[this._at] ?? null;
  }

  /** The way up to here, and what lies before it for whoever went back. */
  get trail(): readonly Subject[] {
    return this._trail;
  }

  /** Place on the trail, from 0. */
  get at(): number {
    return this._at;
  }

  /** What the service said last; it stays while the next is asked for. */
  get answer(): Lineage | null {
    return this._answer;
  }

  get visible(): Visible | null {
    return (this._visible ??= this._answer && visible(this._answer, this._depth, this._pages));
  }

  get depth(): number {
    return this._depth;
  }

  get isAsking(): boolean {
    return this._isAsking;
  }

  get problem(): ApiError | null {
    return this._problem;
  }

  /** What was made last, to begin from; null until it is known. */
  get newest(): readonly LineageStart[] | null {
    return this._newest;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Look at something else. */
  async walk(subject: Subject): Promise<void> {
    const { name, kind, digest } = subject;
    const here = this.subject;
    if (here?.name !== name || here.kind !== kind || here.digest !== digest) {
      this._trail = [...this._trail.slice(0, this._at + 1), subject];
      this._at = this._trail.length - 1;
    }
    await this.refresh();
  }

  /** Go to a place on the trail. */
  async step(at: number): Promise<void> {
    if (this._trail[at]) {
      this._at = at;
      await this.refresh();
    }
  }

  setDepth(depth: number): void {
    this._depth = depth;
    this._pages = new Map();
    this._draw();
  }

  /** Draw more of the neighbours that a node stands for. */
  more(key: string): void {
    this._pages = new Map([...this._pages, [key, (this._pages.get(key) ?? 0) + PAGE]]);
    this._draw();
  }

  /** Ask anew. Of answers that overtake each other the one asked for last counts. */
  async refresh(): Promise<void> {
    const subject = this.subject;
    if (!subject) {
      return this._readNewest();
    }
    const asked = ++this._asked;
    this._isAsking = true;
    this._changed.emit();
    const { name, kind, digest } = subject;
    const query = { name, ...(kind ? { kind } : {}), ...(digest ? { digest } : {}) };
    try {
      const answer = await this._client.get('/lineage', { query });
      this._settle(asked, answer, null);
    } catch (error) {
      this._settle(asked, null, problemOf(error));
    }
  }

  /**
   * Metrics, values, files and runs with these words in their name.
   * @throws ApiError
   */
  suggest(words: string): Promise<LineageStart[]> {
    return this._client.get('/lineage/starts', { query: { text: words, limit: SUGGESTED } });
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _settle(asked: number, answer: Lineage | null, problem: ApiError | null): void {
    if (asked !== this._asked || this._isDisposed) {
      return;
    }
    this._isAsking = false;
    this._problem = problem;
    if (answer) {
      this._answer = answer;
      this._pages = new Map();
    }
    this._draw();
  }

  private async _readNewest(): Promise<void> {
    try {
      this._newest = await this._client.get('/lineage/starts', { query: { limit: NEWEST } });
      this._problem = null;
    } catch (error) {
      this._problem = problemOf(error);
    }
    this._draw();
  }

  private _draw(): void {
    this._visible = null;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _trail: readonly Subject[] = [];
  private _at = -1;
  private _answer: Lineage | null = null;
  private _visible: Visible | null = null;
  private _newest: readonly LineageStart[] | null = null;
  private _pages: ReadonlyMap<string, number> = new Map();
  private _depth = 6;
  private _problem: ApiError | null = null;
  private _isAsking = false;
  private _asked = 0;
  private _isDisposed = false;
}

function problemOf(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
}
