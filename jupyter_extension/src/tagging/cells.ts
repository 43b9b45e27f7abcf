/** What tagging reads of a notebook's cells, and how it writes it back. */

import type { ICellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import { JSONExt, type JSONValue } from '@lumino/coreutils';

export interface CellTags {
  readonly id: string;
  readonly isCode: boolean;
  /** Whether there is anything in it. */
  readonly isEmpty: boolean;
  readonly tags: readonly string[];
  /** The metadata `nb2pipe`, settings of the step; undefined where there is none. */
  readonly settings: JSONValue | undefined;
}

export const SETTINGS = 'nb2pipe';

export function cellsOf(model: INotebookModel): CellTags[] {
  return Array.from(model.cells, cell => ({
    id: cell.id,
    isCode: cell.type === 'code',
    isEmpty: cell.sharedModel.getSource().trim() === '',
    tags: tagsOf(cell),
    settings: cell.getMetadata(SETTINGS) as JSONValue | undefined
  }));
}

/**
 * Write tags and settings as one step of the notebook's undo. Cells are found by id; those that are gone meanwhile, and
 * those that do not change, are not touched.
 *
 * @returns how many cells changed
 */
export function applyCells(model: INotebookModel, wanted: readonly CellTags[]): number {
  const byId = new Map(wanted.map(cell => [cell.id, cell]));
  const changes = Array.from(model.cells).flatMap(cell => changesOf(cell, byId.get(cell.id)));
  if (changes.length > 0) {
    // Yjs joins what happens within half a second into one undo step.
    const { undoManager } = model.sharedModel as unknown as { undoManager: { stopCapturing(): void } };
    undoManager.stopCapturing();
    model.sharedModel.transact(() => changes.forEach(change => change()));
    undoManager.stopCapturing();
  }
  return changes.length;
}

function changesOf(cell: ICellModel, wanted: CellTags | undefined): (() => void)[] {
  if (!wanted) {
    return [];
  }
  const tags = JSONExt.deepEqual([...wanted.tags], tagsOf(cell)) ? null : [...wanted.tags];
  const hasLost = wanted.settings === undefined && cell.getMetadata(SETTINGS) !== undefined;
  const hasGot =
    wanted.settings !== undefined && !JSONExt.deepEqual(wanted.settings, cell.getMetadata(SETTINGS) ?? null);
  if (!tags && !hasLost && !hasGot) {
    return [];
  }
  const change = (): void => {
    if (tags) {
      write(cell, 'tags', tags.length > 0 ? tags : undefined);
    }
    if (hasLost || hasGot) {
      write(cell, SETTINGS, wanted.settings);
    }
  };
  return [change];
}

function write(cell: ICellModel, key: string, value: JSONValue | undefined): void {
  if (value === undefined) {
    cell.deleteMetadata(key);
  } else {
    cell.setMetadata(key, value);
  }
}

function tagsOf(cell: ICellModel): string[] {
  const tags: unknown = cell.getMetadata('tags');
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [];
}
