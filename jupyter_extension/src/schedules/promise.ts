/** Who sees to a schedule, in words. */

import type { TranslationBundle } from '@jupyterlab/translation';

/** What becomes of its runs. @param target whose engine fires it; empty for this machine's scheduler */
export function promiseOf(target: string, trans: TranslationBundle): string {
  return target
    ? trans.__(
        '%1 keeps it and starts its runs, whatever becomes of this machine. What came of them is fetched whenever runs or schedules are looked at here.',
        target
      )
    : trans.__('Runs start by themselves, also while JupyterLab is closed, as long as this machine is on.');
}
