/** How far a step is, as an icon with a word. */

import type { TranslationBundle } from '@jupyterlab/translation';
import {
  checkIcon,
  circleIcon,
  closeIcon,
  errorIcon,
  historyIcon,
  type LabIcon,
  pauseIcon,
  refreshIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { StepState } from '../notebook/stepStates';

interface Shown {
  icon: LabIcon;
  text: (trans: TranslationBundle) => string;
}

const STATES: Record<StepState['state'], Shown> = {
  queued: { icon: circleIcon, text: trans => trans.__('Queued') },
  waiting: { icon: pauseIcon, text: trans => trans.__('Waiting for approval') },
  running: { icon: refreshIcon, text: trans => trans.__('Running') },
  succeeded: { icon: checkIcon, text: trans => trans.__('Succeeded') },
  cached: { icon: historyIcon, text: trans => trans.__('Taken from an earlier run') },
  failed: { icon: errorIcon, text: trans => trans.__('Failed') },
  skipped: { icon: closeIcon, text: trans => trans.__('Skipped') },
  cancelled: { icon: stopIcon, text: trans => trans.__('Cancelled') },
  interrupted: { icon: stopIcon, text: trans => trans.__('Interrupted') }
};
/** What a chain of steps shows: the first of these that any of its steps is in. */
const LOUDEST: readonly StepState['state'][] = [
  'failed',
  'interrupted',
  'cancelled',
  'running',
  'waiting',
  'queued',
  'skipped'
];

/** The state of several steps drawn as one. */
export function loudest(states: readonly (StepState | null)[]): StepState | null {
  const known = states.filter(state => state !== null);
  const loud = LOUDEST.map(name => known.find(each => each.state === name)).find(Boolean);
  return loud ?? known[0] ?? null;
}

export function stateText({ state, cell }: StepState, trans: TranslationBundle): string {
  const text = STATES[state].text(trans);
  return cell === undefined ? text : trans.__('%1, cell %2', text, cell + 1);
}

export function StateMark({ state }: { state: StepState }): ReactElement {
  const Icon = STATES[state.state].icon.react;
  return <Icon tag="span" className="nb2pipe-Node-state" width="14px" height="14px" />;
}
