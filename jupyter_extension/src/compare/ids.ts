/** The command that compares. */

/** Takes `first` and `second`, ids of runs. */
export const COMPARE_RUNS = 'nb2pipe:compare-runs';
