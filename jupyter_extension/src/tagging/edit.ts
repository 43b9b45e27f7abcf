/** Edits of tags, as values: nothing is written before the edit is whole. */

import type { TranslationBundle } from '@jupyterlab/translation';

import type { CellTags } from './cells';
import {
  isOurs,
  isRole,
  isStep,
  isOfStep,
  nameProblem,
  readTags,
  renamedTag,
  type Role,
  START
} from './grammar';
import { type Place, placesOf, stepNames } from './layout';

/** Why an edit cannot be made, in words for the user. */
export class Refusal extends Error {}

/** Makes one edit after the other on a copy of the cells' tags. Each method throws `Refusal` where it cannot. */
export class TagEdit {
  constructor(
    cells: readonly CellTags[],
    private readonly _trans: TranslationBundle
  ) {
    this._cells = [...cells];
  }

  /** The cells as they shall be. */
  get cells(): readonly CellTags[] {
    return this._cells;
  }

  /** Let the cell start step `name`, or go on with it where there is one. */
  startStep(index: number, name: string): void {
    const problem = nameProblem(name, this._trans);
    if (problem) {
      throw new Refusal(problem);
    }
    const { tags } = this._code(index);
    const old = tags.findIndex(isStep);
    const kept = tags.map((tag, at) => (at === old ? `step:${name}` : tag));
    const found = kept.filter((tag, at) => at === old || (!isRole(tag) && !isStep(tag)));
    this._set(index, { tags: old < 0 ? [...found, `step:${name}`] : found });
  }

  /** Let the cell, and those after it that were of its step, go on with the step before. */
  joinPrevious(index: number): void {
    const { tags } = this._code(index);
    const { role, step } = readTags(tags);
    if (role === 'metrics' || (!role && !step)) {
      throw new Refusal(this._trans.__('The cell already belongs to the step before it.'));
    }
    if (!placesOf(this._cells).slice(0, index).some(isInStep)) {
      throw new Refusal(this._trans.__('There is no step before this cell.'));
    }
    this._strip(index);
  }

  /** Give the cell a role. The step that it begins goes on from its next cell. */
  setRole(index: number, role: Role): void {
    const tag = readTags(this._code(index).tags);
    if (tag.role === role) {
      return;
    }
    if (role === 'metrics') {
      this._makeMetrics(index, tag.step);
      return;
    }
    if (tag.step !== null) {
      const next = this._next(index);
      if (next !== null) {
        this._handOver(index, next);
      }
    } else if (this._code(index).settings !== undefined) {
      throw new Refusal(this._trans.__('The cell holds settings of its step. Clear it first.'));
    }
    this._strip(index);
    this._set(index, { tags: [...this._code(index).tags, role] });
  }

  /** Take all tags and settings of nb2pipe away. */
  clear(index: number): void {
    this._strip(index);
  }

  /** Let the step of the cell begin one cell earlier; where it begins then. */
  moveBoundaryUp(index: number): number {
    const from = this._boundary(index);
    const places = placesOf(this._cells);
    const to = lastIndex(places, (place, at) => at < from && isInStep(place));
    if (to < 0) {
      throw new Refusal(this._trans.__('There is no cell above that this step could take.'));
    }
    const { step } = readTags(this._code(to).tags);
    if (step !== null) {
      throw new Refusal(this._leftEmpty(step));
    }
    this._handOver(from, to);
    return to;
  }

  /** Let the step of the cell begin one cell later; its first cell goes to the step before. Where it begins then. */
  moveBoundaryDown(index: number): number {
    const from = this._boundary(index);
    const to = this._next(from);
    if (to === null) {
      throw new Refusal(this._leftEmpty(readTags(this._code(from).tags).step ?? ''));
    }
    this._handOver(from, to);
    return to;
  }

  /** Let the step that begins at a cell begin at another; the cells between are taken or left. */
  moveBoundaryTo(from: number, to: number): void {
    let at = this._boundary(from);
    while (at > to) {
      at = this.moveBoundaryUp(at);
    }
    while (at < to) {
      at = this.moveBoundaryDown(at);
    }
  }

  /** Give a step another name wherever it is named. */
  rename(from: string, to: string): void {
    const problem = this.renameProblem(from, to);
    if (problem) {
      throw new Refusal(problem);
    }
    const places = placesOf(this._cells);
    const first = places.findIndex(place => place?.step === from);
    if (first < 0) {
      throw new Refusal(this._trans.__('There is no step “%1”.', from));
    }
    if (from === START && readTags(this._code(first).tags).step === null) {
      this.startStep(first, to);
    }
    this._cells.forEach((cell, index) => {
      if (cell.isCode) {
        this._set(index, { tags: cell.tags.map(tag => renamedTag(tag, from, to)) });
      }
    });
  }

  /** Why a step cannot be given this name; empty where it can. */
  renameProblem(from: string, to: string): string {
    const isTaken = from !== to && stepNames(placesOf(this._cells)).includes(to);
    return isTaken ? this._trans.__('There is a step “%1” already.', to) : nameProblem(to, this._trans);
  }

  private _makeMetrics(index: number, step: string | null): void {
    if (step !== null) {
      throw new Refusal(
        this._trans.__('The cell begins step “%1”. Only a later cell can be its metrics.', step)
      );
    }
    this._set(index, { tags: [...this._code(index).tags.filter(tag => !isRole(tag)), 'metrics'] });
  }

  /** The cell whose tag begins the step that the cell is in. */
  private _boundary(index: number): number {
    this._code(index);
    if (!isInStep(placesOf(this._cells)[index] ?? null)) {
      throw new Refusal(this._trans.__('The cell is in no step.'));
    }
    const found = lastIndex(this._cells, (cell, at) => at <= index && beginsStep(cell));
    if (found < 0) {
      throw new Refusal(this._trans.__('The step “%1” has no tag that could be moved.', START));
    }
    return found;
  }

  /** The next cell of the step that begins at a cell, before any other tag of a step; null without one. */
  private _next(boundary: number): number | null {
    const places = placesOf(this._cells);
    const found = places.findIndex((place, at) => at > boundary && isInStep(place));
    const cell = this._cells[found];
    return cell && !beginsStep(cell) ? found : null;
  }

  private _handOver(from: number, to: number): void {
    const [giver, taker] = [this._code(from), this._code(to)];
    if (readTags(taker.tags).role === 'metrics') {
      throw new Refusal(this._trans.__('Cell %1 holds metrics, and cannot begin a step.', to + 1));
    }
    if (taker.settings !== undefined || taker.tags.some(isOfStep)) {
      throw new Refusal(this._trans.__('Cell %1 has settings of its own. Clear it first.', to + 1));
    }
    this._set(to, { tags: [...taker.tags, ...giver.tags.filter(isOfStep)], settings: giver.settings });
    this._set(from, { tags: giver.tags.filter(tag => !isOfStep(tag)), settings: undefined });
  }

  private _leftEmpty(step: string): string {
    return this._trans.__('Step “%1” would be left without cells.', step);
  }

  private _strip(index: number): void {
    this._set(index, { tags: this._code(index).tags.filter(tag => !isOurs(tag)), settings: undefined });
  }

  private _code(index: number): CellTags {
    const cell = this._cells[index];
    if (!cell?.isCode) {
      throw new Refusal(this._trans.__('Only code cells are part of a pipeline.'));
    }
    return cell;
  }

  private _set(index: number, change: Partial<CellTags>): void {
    this._cells[index] = { ...this._code(index), ...change };
  }

  private readonly _cells: CellTags[];
}

/** All cells where the step that begins at a cell may begin, that cell among them. */
export function boundaryTargets(
  cells: readonly CellTags[],
  from: number,
  trans: TranslationBundle
): number[] {
  const reached = (move: (edit: TagEdit, at: number) => number): number[] => {
    const edit = new TagEdit(cells, trans);
    const found: number[] = [];
    try {
      for (let at = from; ;) {
        at = move(edit, at);
        found.push(at);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      return found;
    }
  };
  const up = reached((edit, at) => edit.moveBoundaryUp(at));
  return [...up.reverse(), from, ...reached((edit, at) => edit.moveBoundaryDown(at))];
}

function isInStep(place: Place | null): boolean {
  return place?.kind === 'step';
}

function beginsStep(cell: CellTags): boolean {
  return cell.isCode && readTags(cell.tags).step !== null;
}

function lastIndex<T>(items: readonly T[], fits: (item: T, index: number) => boolean): number {
  return items.reduce((found, item, index) => (fits(item, index) ? index : found), -1);
}
