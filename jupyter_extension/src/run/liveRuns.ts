/** Runs as they go: read from the service once, and kept up with its events. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import { ApiError } from '../api/errors';
import type { FeedEvent } from '../api/events';
import type { Run } from '../api/types';
import type { IStepStates, StepState } from '../notebook/stepStates';
import type { INb2pipe } from '../tokens';
import { cellOf, isFinal, withCell, withStep, type LiveStep } from './liveSteps';

export interface LiveRun {
  /** Null until it is read, and where there is none. */
  run: Run | null;
  /** Null until they are read. */
  steps: readonly LiveStep[] | null;
  /** Why it cannot be read; null where it can. */
  problem: ApiError | null;
  /** Whether it is gone: removed here or elsewhere. */
  isRemoved: boolean;
}
/** So many runs that ended are remembered. */
const MOST_ENDED = 200;

export class LiveRuns implements IStepStates, IDisposable {
  constructor(private readonly _service: Pick<INb2pipe, 'client' | 'events'>) {
    _service.events.received.connect(this._onEvent, this);
    _service.events.connectedChanged.connect(this._onConnected, this);
  }

  /** The path of a notebook of which a step stands otherwise now. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** The id of a run of which anything changed. */
  get runChanged(): ISignal<this, string> {
    return this._runChanged;
  }

  /** A run that has just ended. */
  get ended(): ISignal<this, Run> {
    return this._ended;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** What is known of a run; `read` finds out more. */
  get(id: string): LiveRun | null {
    return this._runs.get(id) ?? null;
  }

  stateOf(path: string, step: string): StepState | null {
    const id = this._latest.get(path);
    if (id === undefined) {
      void this._seek(path);
      return null;
    }
    const found = this._runs.get(id)?.steps?.find(each => each.step === step);
    const cell = found && cellOf(found);
    return found ? { state: found.state, ...(cell === undefined ? {} : { cell }) } : null;
  }

  /** Take a run that was just started, so that it can be shown at once. */
  take(run: Run): void {
    this._setRun(run);
    void this.read(run.id);
  }

  /** Read a run anew. What goes wrong is its `problem`. */
  async read(id: string): Promise<void> {
    const waiting = this._reading.get(id);
    if (waiting) {
      return;
    }
    const events: FeedEvent[] = [];
    this._reading.set(id, events);
    try {
      const { run, steps } = await this._service.client.get('/runs/{run}', { params: { run: id } });
      this._put(id, { run: this._runs.get(id)?.run ?? run, steps, problem: null, isRemoved: false });
      this._reading.delete(id);
      this._setRun(run);
      events.forEach(event => this._apply(event)); // they may be newer than the answer
    } catch (error) {
      this._reading.delete(id);
      const problem = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
      this._put(id, { problem, isRemoved: problem.status === 404 && !problem.isMissing });
    }
    this._emit(id);
    if (this._runs.get(id)?.isRemoved) {
      this._leave(id);
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  /** Find the latest run of a notebook; once, since events tell of later ones. */
  private async _seek(path: string): Promise<void> {
    if (this._sought.has(path)) {
      return;
    }
    this._sought.add(path);
    try {
      const { runs } = await this._service.client.get('/runs', { query: { notebook: path, limit: 1 } });
      if (runs[0]) {
        this._setRun(runs[0]);
        await this.read(runs[0].id);
      }
    } catch {
      this._sought.delete(path); // it is asked again by whoever shows it next
    }
  }

  private _onEvent(_: unknown, event: FeedEvent): void {
    if (event.kind === 'reset') {
      this._readAgain();
    } else if (event.kind === 'run' || event.kind === 'step' || event.kind === 'cell') {
      const id = event.kind === 'run' ? event.data.id : event.data.run_id;
      this._reading.get(id)?.push(event);
      this._apply(event);
    } else if (event.kind === 'run-removed') {
      this._put(event.data.id, { isRemoved: true });
      this._emit(event.data.id);
      this._leave(event.data.id);
    }
  }

  /** Of a run that is gone: its notebook stands as the run before left it. */
  private _leave(id: string): void {
    const path = this._runs.get(id)?.run?.notebook;
    if (path && this._latest.get(path) === id) {
      this._latest.delete(path);
      this._sought.delete(path);
      this._changed.emit(path);
    }
  }

  private _apply(event: FeedEvent): void {
    if (event.kind === 'run') {
      const old = this._runs.get(event.data.id)?.run;
      this._setRun({ ...old, ...event.data } as Run); // an event has all of a run but its metrics
      this._emit(event.data.id);
    } else if (event.kind === 'step' || event.kind === 'cell') {
      const id = event.data.run_id;
      const steps = this._runs.get(id)?.steps ?? [];
      this._put(id, {
        steps: event.kind === 'step' ? withStep(steps, event.data) : withCell(steps, event.data)
      });
      this._emit(id);
    }
  }

  private _onConnected(_: unknown, isConnected: boolean): void {
    if (isConnected) {
      this._readAgain();
    }
  }

  /** Events may have been missed: read what may have changed. */
  private _readAgain(): void {
    this._sought.clear();
    for (const [id, { run, problem }] of this._runs) {
      if (problem || !run || !isFinal(run.state)) {
        void this.read(id);
      }
    }
    new Set(this._latest.keys()).forEach(path => void this._seek(path));
  }

  private _setRun(run: Run): void {
    const before = this._runs.get(run.id)?.run ?? null;
    const path = run.notebook;
    this._put(run.id, { run: { ...run, metrics: run.metrics ?? {} } });
    if (path !== null) {
      const latest = this._runs.get(this._latest.get(path) ?? '')?.run;
      if (!latest || latest.created_at <= run.created_at) {
        this._latest.set(path, run.id);
      }
    }
    if (before && !isFinal(before.state) && isFinal(run.state)) {
      this._ended.emit(run);
    }
    this._forget();
  }

  private _put(id: string, values: Partial<LiveRun>): void {
    const old = this._runs.get(id) ?? { run: null, steps: null, problem: null, isRemoved: false };
    this._runs.set(id, { ...old, ...values });
  }

  private _emit(id: string): void {
    this._runChanged.emit(id);
    const path = this._runs.get(id)?.run?.notebook;
    if (path && this._latest.get(path) === id) {
      this._changed.emit(path);
    }
  }

  private _forget(): void {
    const kept = new Set(this._latest.values());
    const ended = [...this._runs].filter(([id, { run }]) => run && isFinal(run.state) && !kept.has(id));
    ended.slice(0, Math.max(0, ended.length - MOST_ENDED)).forEach(([id]) => this._runs.delete(id));
  }

  private readonly _changed = new Signal<this, string>(this);
  private readonly _runChanged = new Signal<this, string>(this);
  private readonly _ended = new Signal<this, Run>(this);
  private readonly _runs = new Map<string, LiveRun>();
  /** Path of a notebook to the id of its latest run. */
  private readonly _latest = new Map<string, string>();
  private readonly _sought = new Set<string>();
  private readonly _reading = new Map<string, FeedEvent[]>();
  private _isDisposed = false;
}
