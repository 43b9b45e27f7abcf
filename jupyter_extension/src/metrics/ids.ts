/** The command that shows metrics. */

/** Takes `path`, of a notebook as the server names it; without it the current notebook is meant. */
export const OPEN_METRICS = 'nb2pipe:open-metrics';
