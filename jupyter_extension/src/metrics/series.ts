/** Metrics over runs, as lines. */

import type { Run } from '../api/types';

export interface Dot {
  /** Place of the run among all, from 0. */
  index: number;
  value: number;
}
export interface Series {
  name: string;
  /** Runs of neighbours that all have the metric: a run without it is a gap. */
  pieces: readonly (readonly Dot[])[];
  low: number;
  high: number;
}

/** Names of the metrics that any run has as a number, in the order of the newest run that has them. */
export function metricNames(runs: readonly Run[]): string[] {
  const names = [...runs].reverse().flatMap(run => Object.keys(run.metrics));
  return [...new Set(names)].filter(name => runs.some(run => numberOf(run, name) !== null));
}

/** A metric of a run; null where it has none that is a finite number. */
export function numberOf(run: Run, name: string): number | null {
  const value = run.metrics[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** @param runs in the order of time */
export function seriesOf(runs: readonly Run[], name: string): Series {
  const pieces: Dot[][] = [[]];
  runs.forEach((run, index) => {
    const value = numberOf(run, name);
    if (value === null) {
      pieces.push([]);
    } else {
      pieces.at(-1)?.push({ index, value });
    }
  });
  const found = pieces.filter(piece => piece.length > 0);
  const values = found.flat().map(dot => dot.value);
  return { name, pieces: found, low: Math.min(...values), high: Math.max(...values) };
}
