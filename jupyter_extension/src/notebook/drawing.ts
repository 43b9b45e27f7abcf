/** Cells that JupyterLab has not drawn yet. */

import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';

/**
 * Scroll to a cell. JupyterLab draws the cells of a long notebook when it has time for it, and gives up scrolling to one
 * that it has not drawn: then it is scrolled to as soon as it is there, if it still is the active one.
 */
export async function scrollTo(cell: Cell, notebook: Notebook, align: 'auto' | 'center'): Promise<void> {
  await notebook.scrollToCell(cell, align);
  await cell.ready;
  if (notebook.activeCell === cell && !isInSight(cell, notebook)) {
    await notebook.scrollToCell(cell, align);
  }
}

function isInSight(cell: Cell, notebook: Notebook): boolean {
  const { top, bottom } = cell.node.getBoundingClientRect();
  const whole = notebook.node.getBoundingClientRect();
  return cell.node.isConnected && bottom > whole.top && top < whole.bottom;
}
