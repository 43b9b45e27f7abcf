/** Builds images for the current notebook, and lists the builds. */
export const SHOW_IMAGES = 'nb2pipe:show-images';
