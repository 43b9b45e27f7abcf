/** Asks for a table of parameters of the current notebook, and runs it once for each row. */
export const RUN_BATCH = 'nb2pipe:run-batch';
/** Takes `batch`, an id; without it the newest is shown. */
export const SHOW_BATCHES = 'nb2pipe:show-batches';
