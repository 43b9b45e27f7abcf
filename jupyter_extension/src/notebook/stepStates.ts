/** How far the steps of notebooks are in the run that is shown. */

import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { StepRun } from '../api/types';

export interface StepState {
  state: StepRun['state'];
  /** Index of the cell that runs or failed. */
  cell?: number;
}

export interface IStepStates {
  /**
   * @param path of the notebook, as the contents manager of the server has it
   * @returns null where no run is shown, or it has no such step
   */
  stateOf(path: string, step: string): StepState | null;
  /** The path of a notebook any of whose steps changed. */
  readonly changed: ISignal<unknown, string>;
}
export const IStepStates = new Token<IStepStates>(
  'nb2pipe:IStepStates',
  'How far the steps of notebooks are in the run that is shown.'
);
