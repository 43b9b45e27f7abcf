/** From the picture to the notebook. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';

import { scrollTo } from '../notebook/drawing';
import type { Place } from './graphModel';

/** Make a cell the active one and show it; with a line, the cursor stands there. */
export async function goToPlace(
  shell: JupyterFrontEnd.IShell,
  panel: NotebookPanel,
  { id, index, line }: Place
): Promise<void> {
  const notebook = panel.content;
  const known = notebook.widgets.findIndex(cell => cell.model.id === id);
  const found = known >= 0 ? known : index;
  const cell = notebook.widgets[found];
  if (!cell) {
    return;
  }
  shell.activateById(panel.id);
  notebook.deselectAll();
  notebook.activeCellIndex = found;
  notebook.mode = line === null ? 'command' : 'edit';
  await scrollTo(cell, notebook, 'auto');
  if (line !== null && cell.editor && line <= cell.editor.lineCount) {
    cell.editor.setCursorPosition({ line: line - 1, column: 0 });
    cell.editor.focus();
  }
}
