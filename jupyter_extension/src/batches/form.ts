/** A table of parameters, before a notebook is run over it. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONValue } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import type { operations } from '../api/schema';
import type { Diagnostic, Parameter } from '../api/types';
import { readField } from '../run/parameters';
import type { Refusal } from '../ui/sendDialog';

export type BatchBody = operations['startBatch']['requestBody']['content']['application/json'];
/** Texts by the names of parameters; a parameter without one has the notebook's value. */
export type Row = Readonly<Record<string, string>>;

export const MOST_ROWS = 1000;
const MOST_AT_A_TIME = 1000;

export interface BatchFormOptions {
  parameters: readonly Parameter[];
  /** Why the notebook would be refused. */
  findings: readonly Diagnostic[];
  /** Whether the notebook has changes, which are saved first. */
  isDirty: boolean;
  trans: TranslationBundle;
}

/** The rows of a table, each cell checked as it is typed. It sends nothing. */
export class BatchForm {
  constructor(readonly options: BatchFormOptions) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get rows(): readonly Row[] {
    return this._rows;
  }

  /** Runs at a time; empty for what the settings say. */
  get atATime(): string {
    return this._atATime;
  }

  /** Whether no further run starts once one has failed. */
  get isFailFast(): boolean {
    return this._isFailFast;
  }

  get isBusy(): boolean {
    return this._isBusy;
  }

  /** What the service said when it was sent. */
  get problem(): Refusal | null {
    return this._problem;
  }

  get isValid(): boolean {
    const { parameters } = this.options;
    const isRight = this._rows.every(row => parameters.every(each => this.problemOf(row, each) === ''));
    return isRight && this.atATimeProblem === '' && this._rows.length > 0;
  }

  get atATimeProblem(): string {
    const isRight = /^\d+$/.test(this._atATime) && Number(this._atATime) >= 1;
    return this._atATime === '' || (isRight && Number(this._atATime) <= MOST_AT_A_TIME)
      ? ''
      : this.options.trans.__('A whole number from 1 to %1 is needed.', MOST_AT_A_TIME);
  }

  /** What is wrong with a cell; empty if nothing is. */
  problemOf(row: Row, parameter: Parameter): string {
    const text = row[parameter.name] ?? '';
    return text === ''
      ? ''
      : (readField(parameter, { text, isNone: false }, this.options.trans).problem ?? '');
  }

  set(index: number, name: string, text: string): void {
    this._rows = this._rows.map((row, number) => (number === index ? { ...row, [name]: text } : row));
    this._changed.emit();
  }

  /** Put another row below, as this one is. */
  add(index = this._rows.length - 1): void {
    if (this._rows.length < MOST_ROWS) {
      this._rows = [
        ...this._rows.slice(0, index + 1),
        this._rows[index] ?? {},
        ...this._rows.slice(index + 1)
      ];
      this._changed.emit();
    }
  }

  remove(index: number): void {
    this._rows = this._rows.filter((_, number) => number !== index);
    this._changed.emit();
  }

  /**
   * Take cells as a spreadsheet gives them: from one cell on, or by the names in their first line.
   * @returns whether it was a table
   */
  paste(index: number, name: string, text: string): boolean {
    const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
    const cells = lines.map(line => line.split('\t'));
    if (lines.length < 2 && (cells[0]?.length ?? 0) < 2) {
      return false;
    }
    const known = this.options.parameters.map(each => each.name);
    const isNamed = cells[0]?.every(each => known.includes(each.trim())) ?? false;
    const names = isNamed ? (cells.shift() ?? []).map(each => each.trim()) : known.slice(known.indexOf(name));
    const rows = [...this._rows];
    cells.slice(0, MOST_ROWS - index).forEach((values, number) => {
      const own = Object.fromEntries(
        values.slice(0, names.length).map((each, at) => [names[at], each.trim()])
      );
      rows[index + number] = { ...rows[index + number], ...own };
    });
    this._rows = rows;
    this._changed.emit();
    return true;
  }

  choose(values: { atATime?: string; isFailFast?: boolean }): void {
    this._atATime = values.atATime ?? this._atATime;
    this._isFailFast = values.isFailFast ?? this._isFailFast;
    this._changed.emit();
  }

  setBusy(isBusy: boolean, problem: Refusal | null = null): void {
    this._isBusy = isBusy;
    this._problem = problem;
    this._changed.emit();
  }

  /** What the service is sent. */
  body(path: string): BatchBody {
    const { parameters, trans } = this.options;
    const sets = this._rows.map(row => {
      const values: Record<string, JSONValue> = {};
      for (const each of parameters) {
        const text = row[each.name] ?? '';
        const read = readField(each, { text, isNone: false }, trans);
        if (text !== '' && read.problem === undefined) {
          values[each.name] = read.value;
        }
      }
      return values;
    });
    return {
      path,
      sets,
      ...(this._atATime === '' ? {} : { runs_at_a_time: Number(this._atATime) }),
      ...(this._isFailFast ? { fail_fast: true } : {})
    };
  }

  private readonly _changed = new Signal<this, void>(this);
  private _rows: readonly Row[] = [{}, {}];
  private _atATime = '';
  private _isFailFast = false;
  private _isBusy = false;
  private _problem: Refusal | null = null;
}
