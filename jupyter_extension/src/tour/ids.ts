/** Takes `cwd`, the folder that the copy goes into; the file browser's where it is not given. */
export const TAKE_TOUR = 'nb2pipe:tour';
