/** The pipeline of one open notebook, as it is while one types. */

import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Diagnostic, Pipeline } from '../api/types';
import type { components, operations } from '../api/schema';
import { tagsKey, textOf } from './content';

export type CheckAnswer = operations['checkNotebook']['responses'][200]['content']['application/json'];
/** `checking` until the first answer; `failed`: it would be refused; `offline`: the service is out of reach. */
export type PipelineState = 'checking' | 'good' | 'failed' | 'offline';
/** What a problem says without being of a cell. */
export type PipelineProblem = Pick<components['schemas']['Problem'], 'code' | 'message' | 'hint'>;

export interface PipelineOptions {
  model: INotebookModel;
  /** The notebook's path as the contents manager of the server has it, as of now. */
  path: () => string;
  client: Pick<Client, 'post'>;
  /** Milliseconds without an edit before it is checked. */
  delayMs?: number;
}

/**
 * Asks the service about the unsaved notebook a moment after each edit. One request is under way at most, and what it
 * says is of the newest content that was there when it was sent; an edit meanwhile is followed by another.
 */
export class PipelineModel implements IDisposable {
  constructor(private readonly _options: PipelineOptions) {
    this._debounced = new Debouncer(() => this._check(), _options.delayMs ?? 50);
    _options.model.contentChanged.connect(this._onContent, this);
    void this._check();
  }

  /** Anything of this model. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The latest answer's; null where the notebook makes none. */
  get pipeline(): Pipeline | null {
    return this._pipeline;
  }

  /** The latest pipeline that there was: what to show, greyed, where there is none now. */
  get lastGood(): Pipeline | null {
    return this._lastGood;
  }

  /** All findings of the latest answer. */
  get diagnostics(): readonly Diagnostic[] {
    return this._diagnostics;
  }

  /** Why there is no answer; null where there is one. */
  get problem(): PipelineProblem | null {
    return this._problem;
  }

  get state(): PipelineState {
    return this._state;
  }

  /** Whether an edit has not been answered yet. */
  get isBusy(): boolean {
    return this._isBusy;
  }

  /** Whether the latest answer is of the cells and tags that are there now, so that its cell indexes hold. */
  get isOfTheseCells(): boolean {
    return this._answeredTags === tagsKey(this._options.model);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Check anew though nothing was edited, as when the service is back. */
  refresh(): void {
    this._sent = '';
    void this._check();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._abort.abort();
      this._debounced.dispose();
      Signal.clearData(this);
    }
  }

  private _onContent(): void {
    void this._debounced.invoke().catch(() => undefined); // rejected where it is disposed meanwhile
  }

  private async _check(): Promise<void> {
    this._isWanted = true;
    if (this._isBusy) {
      return;
    }
    this._isBusy = true;
    while (this._isWanted && !this._isDisposed) {
      this._isWanted = false;
      const text = textOf(this._options.model);
      const path = this._options.path();
      if (text + path !== this._sent) {
        this._sent = text + path;
        await this._ask(path, text);
      }
    }
    this._isBusy = false;
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private async _ask(path: string, text: string): Promise<void> {
    const tags = tagsKey(this._options.model);
    this._changed.emit();
    try {
      this._take(
        await this._options.client.post('/notebooks/check', {
          body: { path, text },
          signal: this._abort.signal
        })
      );
      this._answeredTags = tags;
    } catch (error) {
      this._fail(error);
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _take(answer: CheckAnswer): void {
    this._pipeline = answer.pipeline;
    this._lastGood = answer.pipeline ?? this._lastGood;
    this._diagnostics = answer.diagnostics;
    this._problem = null;
    this._state = answer.is_refused ? 'failed' : 'good';
  }

  private _fail(error: unknown): void {
    const found = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
    this._sent = ''; // not answered: the same content may be asked about again
    this._problem = { code: found.code, message: found.message, hint: found.hint };
    this._state = found.isOffline || found.isMissing ? 'offline' : 'failed';
    if (this._state === 'failed') {
      this._pipeline = null;
      this._diagnostics = [...found.diagnostics];
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _debounced: Debouncer<void>;
  private readonly _abort = new AbortController();
  private _pipeline: Pipeline | null = null;
  private _lastGood: Pipeline | null = null;
  private _diagnostics: readonly Diagnostic[] = [];
  private _problem: PipelineProblem | null = null;
  private _state: PipelineState = 'checking';
  private _sent = '';
  private _answeredTags = '';
  private _isWanted = false;
  private _isBusy = false;
  private _isDisposed = false;
}
