/** What is filled in for a run before it starts. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt, type JSONValue } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import type { operations } from '../api/schema';
import type { Diagnostic, Parameter, Target } from '../api/types';
import type { Refusal } from '../ui/sendDialog';
import { fieldOf, readField, type Field } from './parameters';

export type SubmissionBody = operations['submitRun']['requestBody']['content']['application/json'];
export type RunBody = operations['startRun']['requestBody']['content']['application/json'];
/** `file`: as it is saved, after saving it if need be; `editor`: as it is in the editor, which is not saved. */
export type Source = 'file' | 'editor';
export interface Values {
  parameters: Readonly<Record<string, JSONValue>>;
  /** Empty for what the settings say. */
  executor: string;
  /** Empty for what the settings say. */
  jobs: string;
  isCached: boolean;
  source: Source;
  /** Name of the target that it is sent to; empty for this machine. */
  target: string;
}
export const EXECUTORS = ['process', 'container'] as const;
const MOST_JOBS = 1000;

export interface FormOptions {
  parameters: readonly Parameter[];
  /** Why it would be refused. */
  findings: readonly Diagnostic[];
  /** Whether the notebook has changes that are not saved. */
  isDirty: boolean;
  /** Whether the file is newer than what is in the editor. */
  isChangedElsewhere: boolean;
  /** Whether it may be saved. */
  isWritable: boolean;
  /** Engines elsewhere that it can be sent to. */
  targets: readonly Target[];
  trans: TranslationBundle;
  /** What was chosen the last time; of parameters only those are taken that the notebook still has. */
  last?: Values | undefined;
}

/** The values of a form, each checked as it is typed. It sends nothing. */
export class RunForm {
  constructor(readonly options: FormOptions) {
    const last = options.last;
    this._values = {
      executor: last?.executor ?? '',
      jobs: last?.jobs ?? '',
      isCached: last?.isCached ?? true,
      source: options.isWritable ? (last?.source ?? 'file') : 'editor',
      target: options.targets.find(each => each.name === last?.target)?.name ?? ''
    };
    for (const { name, type, default: value } of options.parameters) {
      const given = last?.parameters[name];
      this._fields.set(name, fieldOf(type, given === undefined ? value : given));
    }
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get values(): Readonly<Omit<Values, 'parameters'>> {
    return this._values;
  }

  /** What the service or JupyterLab said when it was sent. */
  get problem(): Refusal | null {
    return this._problem;
  }

  get isBusy(): boolean {
    return this._isBusy;
  }

  field(name: string): Field {
    return this._fields.get(name) ?? { text: '', isNone: false };
  }

  /** What is wrong with a parameter; empty if nothing is. */
  problemOf(parameter: Parameter): string {
    return readField(parameter, this.field(parameter.name), this.options.trans).problem ?? '';
  }

  get jobsProblem(): string {
    const { jobs } = this._values;
    const isRight = /^\d+$/.test(jobs) && Number(jobs) >= 1 && Number(jobs) <= MOST_JOBS;
    return jobs === '' || isRight
      ? ''
      : this.options.trans.__('A whole number from 1 to %1 is needed.', MOST_JOBS);
  }

  get isValid(): boolean {
    return this.jobsProblem === '' && this.options.parameters.every(each => this.problemOf(each) === '');
  }

  setField(name: string, field: Partial<Field>): void {
    this._fields.set(name, { ...this.field(name), ...field });
    this._changed.emit();
  }

  set(values: Partial<Omit<Values, 'parameters'>>): void {
    Object.assign(this._values, values);
    this._changed.emit();
  }

  setBusy(isBusy: boolean, problem: Refusal | null = null): void {
    this._isBusy = isBusy;
    this._problem = problem;
    this._changed.emit();
  }

  /** All that is chosen; parameters only where they differ from the notebook's, which may change meanwhile. */
  chosen(): Values {
    const parameters: Record<string, JSONValue> = {};
    for (const each of this.options.parameters) {
      const read = readField(each, this.field(each.name), this.options.trans);
      const isDefault = (value: JSONValue): boolean =>
        JSONExt.deepEqual(value, (each.default ?? null) as JSONValue);
      if (read.problem === undefined && !isDefault(read.value)) {
        parameters[each.name] = read.value;
      }
    }
    return { ...this._values, parameters };
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _fields = new Map<string, Field>();
  private readonly _values: Omit<Values, 'parameters'>;
  private _problem: Refusal | null = null;
  private _isBusy = false;
}

/** What the service is sent for a run elsewhere; whatever stands in the form for this machine means nothing there. */
export function submissionOf(path: string, { parameters, isCached }: Values, text?: string): SubmissionBody {
  const settings = isCached ? {} : { cache: false };
  return text === undefined ? { path, parameters, settings } : { path, text, parameters, settings };
}

/** What the service is sent; `text` where the notebook is taken from the editor. */
export function bodyOf(
  path: string,
  { parameters, executor, jobs, isCached }: Values,
  text?: string
): RunBody {
  const settings: RunBody['settings'] = {};
  if (executor) {
    settings.executor = executor;
  }
  if (jobs) {
    settings.jobs = Number(jobs);
  }
  if (!isCached) {
    settings.cache = false;
  }
  return text === undefined ? { path, parameters, settings } : { path, text, parameters, settings };
}
