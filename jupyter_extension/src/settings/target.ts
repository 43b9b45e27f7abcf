/** Which step's settings are edited where the user is. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONValue } from '@lumino/coreutils';

import type { CellTags } from '../tagging/cells';
import { placesOf } from '../tagging/layout';

export interface StepTarget {
  readonly step: string;
  /** Id of the step's first cell, which holds its settings. */
  readonly cellId: string;
  /** From 0. */
  readonly index: number;
  readonly settings: JSONValue | undefined;
  /** Indexes of the step's further cells that hold settings as well. */
  readonly others: readonly number[];
}

/** The step of a cell, or a sentence where there is none. */
export function targetOf(
  cells: readonly CellTags[],
  active: number,
  trans: TranslationBundle
): StepTarget | string {
  const places = placesOf(cells);
  const place = places[active];
  switch (place?.kind) {
    case 'setup':
      return trans.__('Setup cells run at the start of each step that needs them; they have no settings.');
    case 'parameters':
      return trans.__('Parameters have no settings; their values are asked for when the notebook runs.');
    case 'skip':
      return trans.__('This cell is left out of the pipeline, so it has no settings.');
    case undefined:
      return trans.__('Choose a code cell of a step to see its settings.');
    case 'step':
  }
  const own = places.flatMap((each, index) => (each?.step === place.step ? [index] : []));
  const [index] = own;
  const cell = index === undefined ? undefined : cells[index];
  if (index === undefined || !cell) {
    return trans.__('Choose a code cell of a step to see its settings.');
  }
  const others = own.slice(1).filter(each => cells[each]?.settings !== undefined);
  return { step: place.step, cellId: cell.id, index, settings: cell.settings, others };
}
