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
const MARGIN = 12;

/** All of the picture if it can then be read, else its beginning. */
export function viewportOf(window: Size, boxes: readonly Box[]): Viewport {
  const left = Math.min(...boxes.map(box => box.x));
  const top = Math.min(...boxes.map(box => box.y));
  const width = Math.max(...boxes.map(box => box.x + box.width)) - left;
  const height = Math.max(...boxes.map(box => box.y + box.height)) - top;
  const across = (window.width - 2 * MARGIN) / width;
  const down = (window.height - 2 * MARGIN) / height;
  const zoom = Math.min(1, Math.max(READABLE, Math.min(across, down)));
  const middle = (space: number, length: number): number => Math.max(MARGIN, (space - length * zoom) / 2);
  return {
    x: middle(window.width, width) - left * zoom,
    y: Math.min(middle(window.height, height), MARGIN * 3) - top * zoom,
    zoom
  };
}

/** Whether the middle of a box is in the window. */
export function isSeen(window: Size, { x, y, zoom }: Viewport, box: Box): boolean {
  const across = (box.x + box.width / 2) * zoom + x;
  const down = (box.y + box.height / 2) * zoom + y;
  return across > 0 && across < window.width && down > 0 && down < window.height;
}
