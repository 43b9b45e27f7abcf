/** Saves notebooks before what is in their file is taken. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { ApiError } from '../api/errors';

/**
 * Save a notebook if it has changes.
 * @throws ApiError where it was not saved, as for a file that cannot be written
 */
export async function saved(
  { context }: Pick<NotebookPanel, 'context'>,
  trans: TranslationBundle
): Promise<void> {
  if (context.model.dirty) {
    await context.save();
    if (context.model.dirty) {
      throw new ApiError({ message: trans.__('The notebook was not saved, so it was not run.') }, 0);
    }
  }
}
