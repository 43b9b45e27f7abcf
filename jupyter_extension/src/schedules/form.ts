/** A schedule while it is made or changed. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Parameter, Schedule, Target } from '../api/types';
import { asError, type Body, bodyFor } from './body';
import { DEFAULT_NOTIFY, type NotifyChoice, notifyOf } from './notify';
import { able } from './able';
import { readTyped, type Typed, typedOf } from './parameters';
import { ownZone } from './times';
import { bodyOf, DEFAULT_WHEN, type Trigger, type When, whenOf } from './when';

const REFUSED = 422;

type Stored = NonNullable<Schedule['schedule']>;

export interface Fields {
  name: string;
  when: When;
  /** IANA name. */
  zone: string;
  /** Name of the target whose engine fires it; empty for this machine's scheduler. */
  on: string;
  source: Stored['source'];
  /** Whether a snapshot is taken anew; for a stored schedule only. */
  isRetaken: boolean;
  missed: Stored['policy']['missed'];
  overlap: Stored['policy']['overlap'];
  notify: NotifyChoice;
  /** By parameter, what was typed; what was not is left to the notebook. */
  values: Readonly<Record<string, Typed>>;
}

/** What the service says of when it would be due. */
export type Preview =
  | { state: 'asking'; trigger: null; times: readonly string[] }
  | { state: 'good'; trigger: Trigger; times: readonly string[] }
  | { state: 'wrong'; trigger: null; times: readonly string[]; error: ApiError };

export interface FormOptions {
  client: Client;
  trans: TranslationBundle;
  /** As Jupyter has it; of a stored schedule whose notebook is not served, null. */
  path: string | null;
  parameters: readonly Parameter[];
  /** What is changed; undefined for a new one. */
  stored?: Stored;
  /** What was entered before, to go on from. */
  draft?: Fields | undefined;
  /** Milliseconds without a change before the service is asked. */
  delayMs?: number;
}

export class ScheduleForm implements IDisposable {
  constructor(readonly options: FormOptions) {
    this.initial = options.stored ? fieldsOf(options.stored) : newFields();
    this._fields = options.draft ?? this.initial;
    this._debounced = new Debouncer(() => this._preview(), options.delayMs ?? 250);
    void this._preview();
    void this._loadChannels();
    void this._loadTargets();
  }

  readonly initial: Fields;

  /** Anything of this form. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get fields(): Fields {
    return this._fields;
  }

  get preview(): Preview {
    return this._next;
  }

  /** Engines elsewhere that a new schedule can be on. */
  get targets(): readonly Target[] {
    return this._targets;
  }

  /** Why the engine of the target cannot do something, by its name in the service; empty where it can. */
  cannot(name: string): string {
    const target = this._targets.find(each => each.name === this._fields.on);
    return target?.schedule_cannot[name] ?? '';
  }

  /** Why it cannot be kept on the target: when it is due, or who is told. */
  get targetError(): string {
    const { when, notify } = this._fields;
    const said = [...Object.keys(bodyOf(when) ?? {}), ...(notify === this.initial.notify ? [] : ['notify'])];
    return said.map(each => this.cannot(each)).find(Boolean) ?? '';
  }

  /** Have another engine fire it; what that cannot do becomes what it can. */
  setTarget(on: string): void {
    this.setPolicy({ on });
  }

  /** Change what a policy may hang together with. */
  setPolicy(change: Partial<Fields>): void {
    this.set(change);
    this.set(able(this._fields, this.initial, name => this.cannot(name)));
  }

  /** Names of the channels that notices go by. */
  get channels(): readonly string[] {
    return this._channels;
  }

  /** Why the channels are not known; null where they are. */
  get channelsError(): ApiError | null {
    return this._channelsError;
  }

  /** Why it was not kept; null where nobody tried since. */
  get error(): ApiError | null {
    return this._error;
  }

  get isTouched(): boolean {
    return this._fields !== this.initial;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Change some fields. */
  set(patch: Partial<Fields>): void {
    const before = this._fields;
    this._fields = { ...before, ...patch };
    this._error = null;
    if (before.when !== this._fields.when || before.zone !== this._fields.zone) {
      this._next = { state: 'asking', trigger: null, times: this._next.times };
      void this._debounced.invoke().catch(() => undefined); // rejected where it is disposed meanwhile
    }
    this._changed.emit();
  }

  /** What a parameter's field shows. */
  typed(parameter: Parameter): Typed {
    const stored = this.options.stored?.parameters ?? {};
    const value = parameter.name in stored ? stored[parameter.name] : parameter.default;
    return this._fields.values[parameter.name] ?? typedOf(parameter, value);
  }

  /** What is wrong with a parameter's value; empty where nothing is. */
  parameterError(parameter: Parameter): string {
    const typed = this._fields.values[parameter.name];
    const read = typed === undefined ? null : readTyped(parameter, typed, this.options.trans);
    return read && 'error' in read ? read.error : '';
  }

  /** Whether it can be sent: what is known here to be wrong is shown where it is. */
  get isReady(): boolean {
    const { parameters } = this.options;
    return (
      bodyOf(this._fields.when) !== null &&
      this.targetError === '' &&
      !(this._next.state === 'wrong' && this._next.error.status === REFUSED) &&
      parameters.every(each => this.parameterError(each) === '')
    );
  }

  /** What is sent: of a new schedule what was chosen, of a stored one what was changed. */
  get body(): Body {
    return bodyFor(this);
  }

  /**
   * Keep it at the service.
   * @returns the schedule; null where it was refused, and `error` says why
   */
  async keep(): Promise<Schedule | null> {
    const { client, stored, path } = this.options;
    try {
      return stored
        ? await client.patch('/schedules/{schedule}', { params: { schedule: stored.id }, body: this.body })
        : await client.post('/schedules', { body: { ...this.body, path: path ?? '' } });
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** Show why it could not be kept. */
  fail(error: unknown): void {
    this._error = asError(error);
    this._changed.emit();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._abort.abort();
      this._debounced.dispose();
      Signal.clearData(this);
    }
  }

  private async _preview(): Promise<void> {
    const asked = ++this._asked;
    const found = await this._askTimes().catch((error: unknown): Preview => {
      return { state: 'wrong', trigger: null, times: [], error: asError(error) };
    });
    if (found && asked === this._asked && !this._isDisposed) {
      this._next = found;
      this._changed.emit();
    }
  }

  /** Null where there is nothing to ask. */
  private async _askTimes(): Promise<Preview | null> {
    const { client, stored } = this.options;
    const { when, zone } = this._fields;
    const { signal } = this._abort;
    if (stored && when === this.initial.when && zone === this.initial.zone) {
      const path = { params: { schedule: stored.id }, signal };
      const { next_times } = await client.get('/schedules/{schedule}', path); // an interval has its own beginning
      return { state: 'good', trigger: stored.trigger, times: next_times };
    }
    const body = bodyOf(when);
    if (!body) {
      return null;
    }
    const asked = { ...body, ...(zone ? { zone } : {}), count: 5 };
    return { state: 'good', ...(await client.post('/due-times', { body: asked, signal })) };
  }

  private async _loadTargets(): Promise<void> {
    const { client, stored } = this.options;
    try {
      this._targets = stored ? [] : await client.get('/targets', { signal: this._abort.signal });
    } catch {
      return; // it stays on this machine
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private async _loadChannels(): Promise<void> {
    try {
      const found = await this.options.client.get('/channels', { signal: this._abort.signal });
      this._channels = found.map(each => each.name);
    } catch (error) {
      this._channelsError = asError(error);
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _debounced: Debouncer<void>;
  private readonly _abort = new AbortController();
  private _fields: Fields;
  private _next: Preview = { state: 'asking', trigger: null, times: [] };
  private _targets: readonly Target[] = [];
  private _channels: readonly string[] = [];
  private _channelsError: ApiError | null = null;
  private _error: ApiError | null = null;
  private _asked = 0;
  private _isDisposed = false;
}

function newFields(): Fields {
  return {
    name: '',
    when: DEFAULT_WHEN,
    zone: ownZone(),
    on: '',
    source: 'follow',
    isRetaken: false,
    missed: 'once',
    overlap: 'skip',
    notify: DEFAULT_NOTIFY,
    values: {}
  };
}

function fieldsOf(stored: Stored): Fields {
  return {
    name: stored.name,
    when: whenOf(stored.trigger),
    zone: stored.trigger.zone,
    on: stored.target,
    source: stored.source,
    isRetaken: false,
    missed: stored.policy.missed,
    overlap: stored.policy.overlap,
    notify: notifyOf(stored.notify),
    values: {}
  };
}
