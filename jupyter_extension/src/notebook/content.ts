/** A notebook's JSON without its outputs: all that a pipeline depends on. */

import type { ICellModel } from '@jupyterlab/cells';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { INotebookModel } from '@jupyterlab/notebook';

/** The text of the notebook as it is in the editor, saved or not. Attachments and outputs are left out. */
export function textOf(model: INotebookModel): string {
  return JSON.stringify({
    cells: Array.from(model.cells, cellOf),
    metadata: model.metadata,
    nbformat: model.nbformat,
    nbformat_minor: model.nbformatMinor
  });
}

/** Two notebooks with the same key have the same cells in the same order with the same tags. */
export function tagsKey(model: INotebookModel): string {
  return JSON.stringify(Array.from(model.cells, cell => [cell.id, cell.getMetadata('tags') ?? null]));
}

function cellOf(cell: ICellModel): JSONObject {
  const found: Record<string, JSONValue> = {
    cell_type: cell.type,
    id: cell.id,
    metadata: cell.metadata as JSONObject,
    source: cell.sharedModel.getSource()
  };
  return cell.type === 'code' ? { ...found, outputs: [], execution_count: null } : found;
}
