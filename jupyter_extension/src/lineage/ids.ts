/** The command of the lineage view. */

/** Takes `name` as the service knows it, and for a metric `kind`; without them it shows what it showed. */
export const OPEN_LINEAGE = 'nb2pipe:open-lineage';
