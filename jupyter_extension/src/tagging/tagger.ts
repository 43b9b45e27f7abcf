/** Edits the tags of the notebook that is in front. */

import { Notification } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { applyCells, type CellTags, cellsOf } from './cells';
import { Refusal, TagEdit } from './edit';
import { placesOf } from './layout';

/** The code cell that is active, and where it is. */
export interface Target {
  panel: NotebookPanel;
  index: number;
}

const SHOWN_MS = 6000;

export class Tagger {
  constructor(
    private readonly _tracker: INotebookTracker,
    private readonly _trans: TranslationBundle
  ) {}

  /** The active cell of the notebook in front; null where that is no code. */
  get target(): Target | null {
    const panel = this._tracker.currentWidget;
    return panel?.content.activeCell?.model.type === 'code'
      ? { panel, index: panel.content.activeCellIndex }
      : null;
  }

  get panel(): NotebookPanel | null {
    return this._tracker.currentWidget;
  }

  /** The step of the active cell; empty where it is of none. */
  get step(): string {
    const target = this.target;
    const model = target?.panel.content.model;
    return (model && placesOf(cellsOf(model))[target.index]?.step) || '';
  }

  /** Edit the active cell; the user is told why where that cannot be. */
  editActive(change: (edit: TagEdit, index: number) => void): void {
    const target = this.target;
    if (target) {
      this.edit(target.panel, edit => change(edit, target.index));
    }
  }

  /** Edit all selected code cells at once. */
  editSelected(change: (edit: TagEdit, index: number) => void): void {
    const target = this.target;
    if (target) {
      const { content } = target.panel;
      const chosen = content.widgets.flatMap((cell, index) =>
        cell.model.type === 'code' && content.isSelectedOrActive(cell) ? [index] : []
      );
      this.edit(target.panel, edit => chosen.forEach(index => change(edit, index)));
    }
  }

  /** Write cells' tags into a notebook, as one step of its undo. */
  write(panel: NotebookPanel, cells: readonly CellTags[]): void {
    const model = panel.content.model;
    if (model && this.mayWrite(panel)) {
      applyCells(model, cells);
    }
  }

  /** Whether the notebook may be edited; the user is told where not. */
  mayWrite(panel: NotebookPanel): boolean {
    const isReadOnly =
      panel.content.model?.readOnly === true || panel.context.contentsModel?.writable === false;
    if (isReadOnly) {
      this.say(this._trans.__('This notebook is read-only. Save a copy of it to tag its cells.'));
    }
    return !isReadOnly;
  }

  /** Edit a notebook; the user is told why where that cannot be. */
  edit(panel: NotebookPanel, change: (edit: TagEdit) => void): void {
    const model = panel.content.model;
    if (!model) {
      return;
    }
    const edit = new TagEdit(cellsOf(model), this._trans);
    try {
      change(edit);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      this.say(error.message);
      return;
    }
    this.write(panel, edit.cells);
    if (!panel.node.contains(document.activeElement)) {
      panel.content.activate(); // a menu or dialog had the focus
    }
  }

  /** Tell the user why nothing was done. */
  say(message: string): void {
    Notification.warning(message, { autoClose: SHOWN_MS });
  }
}
