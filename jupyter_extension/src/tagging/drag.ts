/** Dragging the place where a step begins to another cell. */

import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import { cellsOf } from './cells';
import { boundaryTargets } from './edit';
import { placesOf } from './layout';
import type { Tagger } from './tagger';

/** Pixels that a pointer moves before it drags: less is a click. */
const SLACK = 5;
/** Pixels from the edge of the notebook where it scrolls, and how far at most per frame. */
const [EDGE, FASTEST] = [48, 16];

interface Drag {
  panel: NotebookPanel;
  step: string;
  /** Ids of the cell where the step begins, and of all where it may. */
  from: string;
  targets: readonly string[];
  /** Where it would begin now. */
  to: string;
  startY: number;
  y: number;
  line: HTMLElement | null;
}

/** One drag at a time, from a pointer that goes down on a header until it goes up, or until Escape. */
export class BoundaryDrag {
  constructor(
    private readonly _tagger: Tagger,
    private readonly _trans: TranslationBundle
  ) {}

  /** Called when a pointer goes down on the header of the cell where a step begins. */
  grab(panel: NotebookPanel, cell: Cell, event: PointerEvent): void {
    const model = panel.content.model;
    if (this._drag || event.button !== 0 || !model) {
      return;
    }
    const cells = cellsOf(model);
    const index = cells.findIndex(each => each.id === cell.model.id);
    const targets = boundaryTargets(cells, index, this._trans).flatMap(each => cells[each]?.id ?? []);
    const step = placesOf(cells)[index]?.step ?? '';
    const from = cell.model.id;
    const y = event.clientY;
    this._drag = { panel, step, from, targets, to: from, startY: y, y, line: null };
    document.addEventListener('pointermove', this._onMove);
    document.addEventListener('pointerup', this._onUp);
    document.addEventListener('pointercancel', this._end);
    document.addEventListener('keydown', this._onKey, true);
    panel.disposed.connect(this._end);
  }

  private readonly _onMove = (event: PointerEvent): void => {
    const drag = this._drag;
    if (!drag) {
      return;
    }
    drag.y = event.clientY;
    if (!drag.line && Math.abs(drag.y - drag.startY) > SLACK && this._tagger.mayWrite(drag.panel)) {
      drag.line = document.body.appendChild(document.createElement('div'));
      drag.line.className = 'nb2pipe-DropLine';
      document.body.classList.add('nb2pipe-mod-dragging');
      this._follow();
    }
  };

  /** Anew in each frame, since it scrolls also while the pointer rests near an edge. */
  private readonly _follow = (): void => {
    const drag = this._drag;
    if (drag?.line) {
      const { outerNode } = drag.panel.content;
      outerNode.scrollTop += scrollBy(drag.y, outerNode.getBoundingClientRect());
      this._aim(drag, drag.line);
      this._frame = requestAnimationFrame(this._follow);
    }
  };

  private _aim(drag: Drag, line: HTMLElement): void {
    const { content } = drag.panel;
    const places = content.widgets.flatMap((cell, index) =>
      drag.targets.includes(cell.model.id) && cell.node.isConnected
        ? [{ id: cell.model.id, number: index + 1, top: cell.node.getBoundingClientRect().top }]
        : []
    );
    const away = (top: number): number => Math.abs(top - drag.y);
    const [first] = places.sort((one, other) => away(one.top) - away(other.top));
    if (!first) {
      return;
    }
    const { left, width, top, bottom } = content.outerNode.getBoundingClientRect();
    drag.to = first.id;
    line.style.left = `${left}px`;
    line.style.width = `${width}px`;
    line.style.top = `${Math.min(Math.max(first.top, top), bottom)}px`;
    line.textContent = this._trans.__('%1 begins at cell %2', drag.step, first.number);
  }

  private readonly _onUp = (): void => {
    const drag = this._drag;
    const isDragged = drag?.line ? true : false;
    this._end();
    if (!drag || !isDragged) {
      return;
    }
    // The button under the pointer takes this for a click.
    const swallow = (event: Event): void => event.stopPropagation();
    document.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener('click', swallow, true));
    const cells = Array.from(drag.panel.content.model?.cells ?? [], cell => cell.id);
    const [from, to] = [cells.indexOf(drag.from), cells.indexOf(drag.to)]; // others may have edited meanwhile
    if (from >= 0 && to >= 0 && from !== to) {
      this._tagger.edit(drag.panel, edit => edit.moveBoundaryTo(from, to));
    }
  };

  private readonly _onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this._end();
    }
  };

  private readonly _end = (): void => {
    cancelAnimationFrame(this._frame);
    this._drag?.line?.remove();
    this._drag?.panel.disposed.disconnect(this._end);
    this._drag = null;
    document.body.classList.remove('nb2pipe-mod-dragging');
    document.removeEventListener('pointermove', this._onMove);
    document.removeEventListener('pointerup', this._onUp);
    document.removeEventListener('pointercancel', this._end);
    document.removeEventListener('keydown', this._onKey, true);
  };

  private _drag: Drag | null = null;
  private _frame = 0;
}

/** Pixels to scroll for a pointer at a height: the nearer to an edge, and beyond it, the more. */
export function scrollBy(y: number, { top, bottom }: Pick<DOMRect, 'top' | 'bottom'>): number {
  const over = y < top + EDGE ? y - top - EDGE : y > bottom - EDGE ? y - bottom + EDGE : 0;
  return Math.round(Math.max(-1, Math.min(1, over / EDGE)) * FASTEST);
}
