/** Commands of runs. */

export const RUN = 'nb2pipe:run';
export const RUN_AGAIN = 'nb2pipe:run-again';
/** Takes `run`, an id, and `step` to run from. */
export const RERUN = 'nb2pipe:rerun';
export const RERUN_FROM = 'nb2pipe:rerun-from-step';
export const RERUN_FROM_CLICKED = 'nb2pipe:rerun-from-clicked-step';
export const RERUN_FAILED = 'nb2pipe:rerun-failed';
/** Takes `run`, an id; without it the panel opens with what it showed. */
export const SHOW_RUN = 'nb2pipe:show-run';
/** Takes `run`, an id: opens all about it in the main area; without it the run that the panel shows. */
export const OPEN_RUN = 'nb2pipe:open-run';
/** Takes `run`, an id. */
export const CANCEL_RUN = 'nb2pipe:cancel-run';
/** Takes `run`, an id. */
export const REMOVE_RUN = 'nb2pipe:remove-run';
export const SHOW_HISTORY = 'nb2pipe:show-runs';
