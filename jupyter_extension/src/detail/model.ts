/** All about one run: what its steps made, beside how they go. */

import type { INotebookContent } from '@jupyterlab/nbformat';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

import type { ApiError } from '../api/errors';
import type { Pipeline, Run, StepRun } from '../api/types';
import type { LiveRuns } from '../run/liveRuns';
import { isFinal, type LiveStep } from '../run/liveSteps';
import { ShownRun } from '../run/shownRun';
import type { INb2pipe } from '../tokens';
import { outputsOfRun, type Outputs } from './outputs';
import { previewsOf, type Previews } from './previews';

export type DetailView = 'timeline' | 'table' | 'graph';

export class DetailModel implements IDisposable {
  /**
   * @param id of the run, whole
   * @param delayMs pause after a step ended before what it made is read, so that many are one request
   */
  constructor(
    private readonly _service: Pick<INb2pipe, 'client' | 'events'>,
    live: LiveRuns,
    readonly id: string,
    delayMs = 200
  ) {
    this._debounced = new Debouncer(() => this._readSteps(), delayMs);
    this.previews = previewsOf(_service.client, id);
    this.previews.changed.connect(this._emit, this);
    this.outputs = outputsOfRun(_service.client, id);
    this.outputs.changed.connect(this._emit, this);
    this.shown = new ShownRun(_service, live);
    this.shown.changed.connect(this._onShown, this);
    this.shown.show(id);
    void this._readPipeline();
  }

  readonly shown: ShownRun;
  readonly previews: Previews;
  readonly outputs: Outputs;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get run(): Run | null {
    return this.shown.live?.run ?? null;
  }

  /** Steps in the order of the notebook. */
  get steps(): readonly LiveStep[] {
    const steps = this.shown.live?.steps ?? [];
    const order = new Map(this._pipeline?.steps.map((each, index) => [each.name, index]));
    const place = (step: LiveStep): number => order.get(step.step) ?? order.size;
    return [...steps].sort((a, b) => place(a) - place(b));
  }

  /** What a step read and made, as far as it has ended and that is known. */
  madeBy(step: LiveStep): StepRun | null {
    return this._made.find(each => each.step === step.step && each.attempt === step.attempt) ?? null;
  }

  /** Runs that results were taken from, each once. */
  get cachedFrom(): readonly string[] {
    return [...new Set(this._made.flatMap(each => each.cached_from ?? []))];
  }

  /** As it was; null until it is read. */
  get pipeline(): Pipeline | null {
    return this._pipeline;
  }

  /** The notebook as it was; null until it is read. */
  get source(): INotebookContent | null {
    return this._source;
  }

  /** Why there is no pipeline. */
  get pipelineProblem(): ApiError | null {
    return this._pipelineProblem;
  }

  /** How the steps are shown. */
  get view(): DetailView {
    return this._view;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  setView(view: DetailView): void {
    this._view = view;
    this._emit();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._debounced.dispose();
      this.shown.dispose();
      this.previews.dispose();
      this.outputs.dispose();
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _onShown(): void {
    const steps = this.shown.live?.steps ?? [];
    const ended = steps.filter(each => isFinal(each.state));
    const key = ended.map(each => `${each.step} ${each.attempt} ${each.state}`).join('\n');
    if (key !== this._key) {
      this._key = key;
      void this._debounced.invoke().catch(() => undefined); // rejected where it is disposed meanwhile
    }
    if (this.shown.isConnected && !this._wasConnected && !this._pipeline) {
      void this._readPipeline();
    }
    this._wasConnected = this.shown.isConnected;
    this._emit();
  }

  private async _readSteps(): Promise<void> {
    try {
      const { steps } = await this._service.client.get('/runs/{run}', { params: { run: this.id } });
      this._made = steps;
      this._emit();
    } catch {
      this._key = ''; // it is asked again at the next change; what is known stays
    }
  }

  private async _readPipeline(): Promise<void> {
    const params = { run: this.id };
    const { client } = this._service;
    try {
      const source = client.get('/runs/{run}/source', { params });
      this._pipeline = await client.get('/runs/{run}/pipeline', { params });
      this._source = (await source) as INotebookContent;
      this._pipelineProblem = null;
    } catch (error) {
      this._pipelineProblem = error as ApiError;
    }
    this._emit();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _debounced: Debouncer<void>;
  private _made: readonly StepRun[] = [];
  private _pipeline: Pipeline | null = null;
  private _source: INotebookContent | null = null;
  private _pipelineProblem: ApiError | null = null;
  private _view: DetailView = 'timeline';
  private _key = '';
  private _wasConnected = true;
  private _isDisposed = false;
}
