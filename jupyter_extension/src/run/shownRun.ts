/** Which run is looked at, which of its steps, and what that prints. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import { EventFeed, type FeedEvent } from '../api/events';
import type { INb2pipe } from '../tokens';
import type { LiveRun, LiveRuns } from './liveRuns';
import { isFinal, type LiveStep } from './liveSteps';
import { LogModel } from './logModel';

export class ShownRun implements IDisposable {
  constructor(
    private readonly _service: Pick<INb2pipe, 'client' | 'events'>,
    private readonly _runs: LiveRuns
  ) {
    _runs.runChanged.connect(this._onRun, this);
    _service.events.connectedChanged.connect(this._onConnected, this);
  }

  /** Anything of it. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Empty where none is looked at. */
  get id(): string {
    return this._id;
  }

  get live(): LiveRun | null {
    return this._id ? this._runs.get(this._id) : null;
  }

  /** The step whose log is shown: the chosen one, else what failed or runs, else the last one. */
  get step(): LiveStep | null {
    const steps = this.live?.steps ?? [];
    return (
      steps.find(each => each.step === this._chosen) ??
      steps.find(each => each.state === 'failed') ??
      steps.find(each => each.state === 'running') ??
      steps.filter(each => each.started_at !== null).at(-1) ??
      steps[0] ??
      null
    );
  }

  get log(): LogModel | null {
    return this._log;
  }

  get isConnected(): boolean {
    return this._service.events.isConnected;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Look at a run. */
  show(id: string): void {
    if (id !== this._id) {
      this._id = id;
      this._chosen = '';
      this._setFeed(null);
      this._setLog(null);
    }
    void this._runs.read(id);
    this._update();
  }

  /** Whether what its steps print is followed; who is not seen need not. */
  setSeen(isSeen: boolean): void {
    this._isSeen = isSeen;
    this._update();
  }

  /** Look at a step of it. */
  choose(step: string): void {
    this._chosen = step;
    this._update();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._setFeed(null);
      this._setLog(null);
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _onRun(_: LiveRuns, id: string): void {
    if (id === this._id) {
      this._update();
    }
  }

  private _onConnected(_: unknown, isConnected: boolean): void {
    if (isConnected && this._id) {
      void this._log?.read();
    }
    this._changed.emit();
  }

  private _update(): void {
    const run = this.live?.run;
    const isGoing = run !== null && run !== undefined && !isFinal(run.state) && !this.live?.isRemoved;
    if (isGoing && this._isSeen && !this._feed) {
      this._setFeed(new EventFeed({ client: this._service.client, run: [this._id], logs: true }));
    } else if (!isGoing || !this._isSeen) {
      this._setFeed(null);
    }
    this._followStep();
    this._changed.emit();
  }

  private _followStep(): void {
    const { step } = this;
    const known = this._log?.options;
    if (!step || known?.step !== step.step || known.attempt !== step.attempt) {
      const { client } = this._service;
      this._setLog(
        step ? new LogModel({ client, run: this._id, step: step.step, attempt: step.attempt }) : null
      );
      void this._log?.read();
    } else if (isFinal(step.state) !== this._wasFinal) {
      void this._log?.read(); // its end, which no event may tell of
    }
    this._wasFinal = step !== null && isFinal(step.state);
  }

  private _setLog(log: LogModel | null): void {
    this._log?.dispose();
    this._log = log;
    log?.changed.connect(() => this._changed.emit());
  }

  private _setFeed(feed: EventFeed | null): void {
    this._feed?.dispose();
    this._feed = feed;
    feed?.received.connect(this._onLogEvent, this);
    feed?.start();
  }

  private _onLogEvent(_: EventFeed, event: FeedEvent): void {
    if (event.kind === 'log') {
      this._log?.take(event.data);
    } else if (event.kind === 'hello') {
      void this._log?.read(); // what came before it listened
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _id = '';
  private _chosen = '';
  private _isSeen = true;
  private _wasFinal = false;
  private _log: LogModel | null = null;
  private _feed: EventFeed | null = null;
  private _isDisposed = false;
}
