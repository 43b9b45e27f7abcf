/** Cells that JupyterLab has not drawn yet. */

import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import { PanelLayout } from '@lumino/widgets';

/** JupyterLab draws the cells of a long notebook when it has time for it, and scrolls to none before. */
export function draw(cell: Cell, index: number, { layout, notebookConfig }: Notebook): void {
  if (cell.isPlaceholder() && notebookConfig.windowingMode !== 'full' && layout instanceof PanelLayout) {
    cell.node.dataset['windowedListIndex'] = String(index);
    layout.insertWidget(index, cell);
  }
}
