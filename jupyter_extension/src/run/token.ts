/** What the plugin of runs gives others. */

import { Token } from '@lumino/coreutils';

import type { LiveRuns } from './liveRuns';
import type { ShownRun } from './shownRun';
import type { RunActions } from './view';

export interface IRuns {
  /** All runs that are looked at anywhere. */
  readonly live: LiveRuns;
  /** What the run panel shows. */
  readonly shown: ShownRun;
  readonly actions: RunActions;
}
export const IRuns = new Token<IRuns>('nb2pipe:IRuns', 'Runs as they go, and what one can do with them.');
