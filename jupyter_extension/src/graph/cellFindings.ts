/** Findings of open cells, for whoever shows them there. */

import type { IEditorExtensionFactory } from '@jupyterlab/codemirror';
import type { INotebookModel } from '@jupyterlab/notebook';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Diagnostic } from '../api/types';

/** The text of a cell as its editor has it. */
export type CellText = IEditorExtensionFactory.IOptions['model']['sharedModel'];

/** By cell, not by id: two notebooks may have cells of the same id. */
export class CellFindings {
  /** A cell has other findings than before. */
  get changed(): ISignal<this, CellText> {
    return this._changed;
  }

  of(cell: CellText): readonly Diagnostic[] {
    return this._found.get(cell) ?? [];
  }

  /** Put the findings of a notebook in the place of those that it had. */
  set(notebook: INotebookModel, findings: readonly Diagnostic[]): void {
    for (const [index, cell] of Array.from(notebook.cells).entries()) {
      const its = findings.filter(each =>
        each.cell_id === null ? each.cell_index === index : each.cell_id === cell.id
      );
      if (JSON.stringify(its) !== JSON.stringify(this.of(cell.sharedModel))) {
        this._found.set(cell.sharedModel, its);
        this._changed.emit(cell.sharedModel);
      }
    }
  }

  private readonly _changed = new Signal<this, CellText>(this);
  private readonly _found = new WeakMap<CellText, readonly Diagnostic[]>();
}
