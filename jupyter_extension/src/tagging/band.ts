/** What is drawn beside each cell, as values. */

import type { INotebookModel } from '@jupyterlab/notebook';

import type { Step } from '../api/types';
import type { PipelineModel } from '../notebook/pipelineModel';
import type { StepState } from '../notebook/stepStates';

type State = StepState['state'];
import { cellsOf } from './cells';
import { readTags } from './grammar';
import { answeredPlaces, isTagged, type Place, placesOf, stepNames } from './layout';
import { coloursOf } from './palette';

export interface Band extends Place {
  /** Number of the step's colour; -1 for cells of no step. */
  readonly colour: number;
  /** Null where the band of the code cell above goes on. */
  readonly header: Header | null;
}

export interface Header {
  /** Whether the step has begun further up, so that only its name is shown again. */
  readonly isContinued: boolean;
  /** Names that the step gets from others and from parameters. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly state: State | null;
  /** Whether a tag stands here that begins the step, and could stand at another cell. */
  readonly isMovable: boolean;
}

/** The band of each cell; null for cells that are no code, and for all where nothing is tagged. */
export function bandsOf(
  model: INotebookModel,
  pipeline: Pick<PipelineModel, 'pipeline' | 'lastGood' | 'isOfTheseCells'>,
  stateOf: (step: string) => State | null
): (Band | null)[] {
  const cells = cellsOf(model);
  if (!isTagged(cells)) {
    return cells.map(() => null);
  }
  const local = placesOf(cells);
  const { pipeline: answered } = pipeline;
  const places = answered && pipeline.isOfTheseCells ? answeredPlaces(local, answered) : local;
  const colours = coloursOf(stepNames(places));
  const steps = new Map((answered ?? pipeline.lastGood)?.steps.map(step => [step.name, step]));
  const seen = new Set<string>();
  let above: Place | null = null;
  return places.map((place, index) => {
    if (!place) {
      return null;
    }
    const isNew = place.isMetrics || !above || !isSameBlock(place, above);
    above = place;
    const isMovable =
      place.kind === 'step' && !place.isMetrics && readTags(cells[index]?.tags ?? []).step !== null;
    const header = isNew
      ? { ...headerOf(place, seen.has(place.step), steps.get(place.step), stateOf), isMovable }
      : null;
    seen.add(place.step);
    return { ...place, colour: colours.get(place.step) ?? -1, header };
  });
}

function isSameBlock(one: Place, other: Place): boolean {
  return one.kind === other.kind && one.step === other.step && one.isMetrics === other.isMetrics;
}

function headerOf(
  { kind, step }: Place,
  isSeen: boolean,
  found: Step | undefined,
  stateOf: (step: string) => State | null
): Omit<Header, 'isMovable'> {
  const isContinued = kind === 'step' && isSeen;
  return {
    isContinued,
    inputs: isContinued || !found ? [] : [...found.inputs.map(port => port.name), ...found.parameters],
    outputs: isContinued || !found ? [] : found.outputs,
    state: isContinued ? null : stateOf(step)
  };
}
