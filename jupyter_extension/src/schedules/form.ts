/** A schedule while it is made or changed. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import type { ApiError } from '../api/errors';
import type { Parameter, Schedule, Target } from '../api/types';
import { able } from './able';
import { asError, type Body, bodyFor } from './body';
import { type Fields, fieldsOf, newFields, type Stored } from './fields';
import { Offers } from './offers';
import { readTyped, type Typed, typedOf } from './parameters';
import { DuePreview, type Preview } from './preview';
import { bodyOf } from './when';

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
    const { client, stored, delayMs = 250 } = options;
    this._due = new DuePreview({ client, stored, initial: this.initial, delayMs }, this._fields);
    this._due.changed.connect(this._onPart, this);
    this._offers = new Offers(client, stored === undefined);
    this._offers.changed.connect(this._onPart, this);
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
    return this._due.found;
  }

  /** Engines elsewhere that a new schedule can be on. */
  get targets(): readonly Target[] {
    return this._offers.targets;
  }

  /** Why the engine of the target cannot do something, by its name in the service; empty where it can. */
  cannot(name: string): string {
    const target = this.targets.find(each => each.name === this._fields.on);
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
    return this._offers.channels;
  }

  /** Why the channels are not known; null where they are. */
  get channelsError(): ApiError | null {
    return this._offers.channelsError;
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
    this._fields = { ...this._fields, ...patch };
    this._error = null;
    this._due.choose(this._fields);
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
      !this._due.isRefused &&
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
      this._due.dispose();
      this._offers.dispose();
      Signal.clearData(this);
    }
  }

  private _onPart(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _due: DuePreview;
  private readonly _offers: Offers;
  private _fields: Fields;
  private _error: ApiError | null = null;
  private _isDisposed = false;
}
