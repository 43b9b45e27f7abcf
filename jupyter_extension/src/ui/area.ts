/** Where what is too large for a side goes. */

import type { JupyterFrontEnd } from '@jupyterlab/application';

/** The main area; in a page for one document, as Notebook 7 has, which takes no second one, the right side. */
export function largeArea(shell: JupyterFrontEnd.IShell): 'main' | 'right' {
  return 'mode' in shell ? 'main' : 'right';
}
