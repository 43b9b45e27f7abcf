/** Notebooks in the editor's own model. */

import { NotebookModel } from '@jupyterlab/notebook/lib/model';
import type { ICell, INotebookContent } from '@jupyterlab/nbformat';

/** A code cell: its source, and its tags. */
export function code(source = 'x = 1', ...tags: string[]): ICell {
  return {
    cell_type: 'code',
    source,
    metadata: tags.length > 0 ? { tags } : {},
    outputs: [],
    execution_count: null
  };
}

export function notebook(...cells: ICell[]): NotebookModel {
  const model = new NotebookModel();
  model.fromJSON(content(...cells));
  return model;
}

function content(...cells: ICell[]): INotebookContent {
  return {
    cells: cells.map((cell, index) => ({ id: `id-${index}`, ...cell })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5
  };
}
