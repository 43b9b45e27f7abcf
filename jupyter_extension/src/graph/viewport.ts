/** Which part of a picture is seen at first. */

import type { Box, Point } from './layout';

export interface Size {
  width: number;
  height: number;
}
/** `x` and `y`: where the picture's left upper corner is, in pixels of the window. */
export interface Viewport extends Point {
  zoom: number;
}

/** Names can still be read at this size. */
export const READABLE = 0.6;
/** Free at each edge of the window. */
export const MARGIN = 12;
/** A small picture begins near the upper edge of a high window. */
const LOWEST = 48;

/**
 * All of the picture if it can then be read, else the part with `focus` in its middle.
 * @param focus the step that one is at
 * @param readable smallest size at which it can be read
 */
export function viewportOf(window: Size, boxes: readonly Box[], focus: Box, readable = READABLE): Viewport {
  const left = Math.min(...boxes.map(box => box.x));
  const top = Math.min(...boxes.map(box => box.y));
  const width = Math.max(...boxes.map(box => box.x + box.width)) - left;
  const height = Math.max(...boxes.map(box => box.y + box.height)) - top;
  const across = (window.width - 2 * MARGIN) / width;
  const down = (window.height - 2 * MARGIN) / height;
  const zoom = Math.min(1, Math.max(readable, Math.min(across, down)));
  return {
    x: offset(window.width, width * zoom, (focus.x + focus.width / 2 - left) * zoom) - left * zoom,
    y:
      Math.min(LOWEST, offset(window.height, height * zoom, (focus.y + focus.height / 2 - top) * zoom)) -
      top * zoom,
    zoom
  };
}

/** Where the picture begins in the window, along one axis: in the middle if there is room, else around the focus. */
function offset(space: number, length: number, focus: number): number {
  const room = space - 2 * MARGIN - length;
  return MARGIN + (room >= 0 ? room / 2 : Math.max(room, Math.min(0, space / 2 - MARGIN - focus)));
}

/** Whether the middle of a box is in the window. */
export function isSeen(window: Size, { x, y, zoom }: Viewport, box: Box): boolean {
  const across = (box.x + box.width / 2) * zoom + x;
  const down = (box.y + box.height / 2) * zoom + y;
  return across > 0 && across < window.width && down > 0 && down < window.height;
}
