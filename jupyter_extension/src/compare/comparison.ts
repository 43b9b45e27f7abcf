/** Two runs side by side: what differs, and what does not. */

import type { Answer } from '../api/client';
import type { Pipeline, Run, StepRun } from '../api/types';

export type Diff = Answer<'/diff', 'get'>;
export type CellChange = Diff['differences']['cells'][number];
export type Change = Diff['differences']['parameters'][number];

/** A value of the one and of the other run; `undefined` where it has none. */
export interface Pair {
  name: string;
  before: unknown;
  after: unknown;
  isSame: boolean;
}
export interface MetricPair extends Pair {
  /** Null where one of the two is no number. */
  delta: number | null;
  /** Of the first value; null where that is none, or zero. */
  percent: number | null;
}
export interface StepPair {
  name: string;
  before: StepRun | null;
  after: StepRun | null;
}
/** A cell that changed, or neighbours that did not. */
export type CodePart =
  | { kind: 'changed'; change: CellChange }
  | { kind: 'same'; cells: readonly { index: number; source: string }[] };

type Values = Readonly<Record<string, unknown>>;

/** All names of both, those that differ first. */
export function pairs(before: Values, after: Values): Pair[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const found = names.map(name => ({
    name,
    before: before[name],
    after: after[name],
    isSame: JSON.stringify(before[name]) === JSON.stringify(after[name])
  }));
  return [...found.filter(each => !each.isSame), ...found.filter(each => each.isSame)];
}

export function metricPairs(before: Run, after: Run): MetricPair[] {
  return pairs(before.metrics, after.metrics).map(pair => {
    const areNumbers = typeof pair.before === 'number' && typeof pair.after === 'number';
    const [one, other] = areNumbers ? [pair.before as number, pair.after as number] : [0, 0];
    return {
      ...pair,
      delta: areNumbers ? other - one : null,
      percent: areNumbers && one !== 0 ? ((other - one) / Math.abs(one)) * 100 : null
    };
  });
}

export function stepPairs(before: readonly StepRun[], after: readonly StepRun[]): StepPair[] {
  const names = [...new Set([...after, ...before].map(each => each.step))];
  const of = (steps: readonly StepRun[], name: string): StepRun | null =>
    steps.find(each => each.step === name) ?? null;
  return names.map(name => ({ name, before: of(before, name), after: of(after, name) }));
}

/**
 * The code of the second run cell by cell, with cells that only the first one has at the end.
 * @param pipeline of the second run; null where it is not known, and then only changes are there
 * @param source of the second run's notebook
 */
export function codeParts(
  changes: readonly CellChange[],
  pipeline: Pipeline | null,
  source: unknown
): CodePart[] {
  const texts = sourcesOf(source);
  const run = new Set(pipeline?.steps.flatMap(step => [...step.cells, ...step.setup_cells]) ?? []);
  const changed = new Map(changes.map(change => [change.after, change]));
  const parts: CodePart[] = [];
  let same: { index: number; source: string }[] = [];
  const flush = (): void => {
    if (same.length > 0) {
      parts.push({ kind: 'same', cells: same });
      same = [];
    }
  };
  const indexes = [...run, ...changes.flatMap(each => (each.after === null ? [] : [each.after]))];
  for (const index of [...new Set(indexes)].sort((one, other) => one - other)) {
    const change = changed.get(index);
    if (change) {
      flush();
      parts.push({ kind: 'changed', change });
    } else {
      same.push({ index, source: texts[index] ?? '' });
    }
  }
  flush();
  const gone = changes.filter(each => each.after === null);
  return [...parts, ...gone.map((change): CodePart => ({ kind: 'changed', change }))];
}

/** Sources of a notebook's cells; none where it is no notebook. */
function sourcesOf(notebook: unknown): string[] {
  if (typeof notebook !== 'object' || notebook === null || !('cells' in notebook)) {
    return [];
  }
  const { cells } = notebook;
  return !Array.isArray(cells)
    ? []
    : cells.map((cell: unknown) => {
        const source = typeof cell === 'object' && cell !== null && 'source' in cell ? cell.source : '';
        return Array.isArray(source) ? source.join('') : String(source);
      });
}
