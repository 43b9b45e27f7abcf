import { describe, expect, it } from 'vitest';

import { isSeen, READABLE, viewportOf } from '../src/graph/viewport';

const window = { width: 248, height: 600 };
const box = (x: number, y: number) => ({ x, y, width: 100, height: 40 });

describe('viewportOf', () => {
  it('shows all of a small picture near the upper edge, no larger than it is', () => {
    expect({ x: 74, y: 48, zoom: 1 }).toEqual(viewportOf(window, [box(0, 0)], box(0, 0)));
  });

  it('makes a wider picture smaller', () => {
    const boxes = [box(0, 0), box(180, 0)];
    const viewport = viewportOf(window, boxes, box(0, 0));
    expect([0.8, 12]).toEqual([viewport.zoom, viewport.x]);
    expect([true, true]).toEqual(boxes.map(each => isSeen(window, viewport, each)));
  });

  it('keeps a large one readable, with the focus in sight and no empty space beside it', () => {
    const boxes = Array.from({ length: 60 }, (_, index) =>
      box((index % 10) * 120, Math.floor(index / 10) * 900)
    );
    for (const focus of boxes) {
      const viewport = viewportOf(window, boxes, focus);
      expect([READABLE, true]).toEqual([viewport.zoom, isSeen(window, viewport, focus)]);
      expect(viewport.x).toBeLessThanOrEqual(12);
      expect(viewport.y).toBeLessThanOrEqual(12);
    }
  });
});
