/** Commands of runs. */

export const RUN = 'nb2pipe:run';
export const RUN_AGAIN = 'nb2pipe:run-again';
/** Takes `run`, an id; without it the panel opens with what it showed. */
export const SHOW_RUN = 'nb2pipe:show-run';
/** Takes `run`, an id: opens all about it in the main area; without it the run that the panel shows. */
export const OPEN_RUN = 'nb2pipe:open-run';
/** Takes `run`, an id. */
export const CANCEL_RUN = 'nb2pipe:cancel-run';
/** Takes `run`, an id. */
export const REMOVE_RUN = 'nb2pipe:remove-run';
export const SHOW_HISTORY = 'nb2pipe:show-runs';
