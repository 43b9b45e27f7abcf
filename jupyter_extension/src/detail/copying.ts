/** Takes what cells of a run put out into the notebook that one edits. */

import type { ICodeCellModel } from '@jupyterlab/cells';
import type { ICodeCell, INotebookContent } from '@jupyterlab/nbformat';
import type { INotebookModel } from '@jupyterlab/notebook';

export interface Copied {
  copied: number;
  /** Cells that have another source now. */
  changed: number;
  /** Cells that are not in the notebook any more. */
  gone: number;
}

/** Cells are the same where id and source are. What did not run stays as it is. One step of the notebook's undo. */
export function copyOutputs(model: INotebookModel, executed: INotebookContent): Copied {
  const found: Copied = { copied: 0, changed: 0, gone: 0 };
  const own = new Map(Array.from(model.cells, cell => [cell.id, cell]));
  const changes: (() => void)[] = [];
  for (const cell of ranCells(executed)) {
    const target = own.get(String(cell['id'] ?? ''));
    if (!target || target.type !== 'code') {
      found.gone += 1;
    } else if (target.sharedModel.getSource() !== textOf(cell.source)) {
      found.changed += 1;
    } else {
      found.copied += 1;
      const shared = (target as ICodeCellModel).sharedModel;
      changes.push(() => {
        shared.setOutputs(cell.outputs);
        shared.execution_count = cell.execution_count;
      });
    }
  }
  if (changes.length > 0) {
    // Yjs joins what happens within half a second into one undo step.
    const { undoManager } = model.sharedModel as unknown as { undoManager: { stopCapturing(): void } };
    undoManager.stopCapturing();
    model.sharedModel.transact(() => changes.forEach(change => change()));
    undoManager.stopCapturing();
  }
  return found;
}

/** Code cells of the notebook itself that were run. */
function ranCells(executed: INotebookContent): ICodeCell[] {
  return executed.cells.filter((cell): cell is ICodeCell => {
    const tags = cell.metadata['tags'];
    const isInjected = Array.isArray(tags) && tags.includes('injected-parameters');
    return isCode(cell) && !isInjected && (cell.outputs.length > 0 || cell.execution_count !== null);
  });
}

function isCode(cell: INotebookContent['cells'][number]): cell is ICodeCell {
  return cell.cell_type === 'code';
}

function textOf(source: string | string[]): string {
  return Array.isArray(source) ? source.join('') : source;
}
