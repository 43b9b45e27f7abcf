/** Which cell belongs to which step. */

import type { Pipeline } from '../api/types';
import type { CellTags } from './cells';
import { isOurs, readTags, type Role, START } from './grammar';

/** Where a code cell is in the pipeline. */
export interface Place {
  /** `step` for cells of a step, its metrics among them. */
  readonly kind: 'step' | Exclude<Role, 'metrics'>;
  /** Empty for cells that are of no step. */
  readonly step: string;
  /** Whether the values that the cell names are the step's metrics. */
  readonly isMetrics: boolean;
}

/**
 * The place of each cell by tags and order alone, at once; null for cells that are no code, and for empty ones before all
 * code. An untagged empty cell is shown with the step that it would belong to.
 */
export function placesOf(cells: readonly CellTags[]): (Place | null)[] {
  let current = START;
  let hasBegun = false;
  return cells.map(cell => {
    if (!cell.isCode) {
      return null;
    }
    const { role, step } = readTags(cell.tags);
    if (role && role !== 'metrics') {
      return { kind: role, step: '', isMetrics: false };
    }
    current = step ?? current;
    hasBegun ||= step !== null || !cell.isEmpty;
    return hasBegun ? { kind: 'step', step: current, isMetrics: role === 'metrics' } : null;
  });
}

/** The same, with what the service says where it says something of these very cells. */
export function answeredPlaces(places: readonly (Place | null)[], pipeline: Pipeline): (Place | null)[] {
  const found = [...places];
  for (const step of pipeline.steps) {
    for (const index of step.cells) {
      found[index] = { kind: 'step', step: step.name, isMetrics: places[index]?.isMetrics ?? false };
    }
  }
  return found;
}

/** Whether anybody has begun to tag: a notebook that is no pipeline yet is left as plain as it is. */
export function isTagged(cells: readonly CellTags[]): boolean {
  return cells.some(cell => cell.isCode && (cell.settings !== undefined || cell.tags.some(isOurs)));
}

/** The steps' names in their order. */
export function stepNames(places: readonly (Place | null)[]): string[] {
  return [...new Set(places.flatMap(place => place?.step || []))];
}
