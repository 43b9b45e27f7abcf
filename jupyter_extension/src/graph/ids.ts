/** Opens the panel with the pipeline of the current notebook. */
export const SHOW_PIPELINE = 'nb2pipe:show-pipeline';
