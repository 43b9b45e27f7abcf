/** How far a picture reaches, and where one looks to see a part of it. */

import type { Box, Layout, Point } from './layout';

/** All that is drawn, as boxes. */
export function drawnBoxes({ nodes, bands, edges }: Layout): Box[] {
  const ways = edges.flatMap(edge => edge.points.map(point => ({ ...point, width: 0, height: 0 })));
  return [...nodes, ...bands, ...edges.map(edge => edge.labelBox), ...ways];
}

/** The point in the middle of the window when one looks at a node: in a column all edges beside it are seen, too. */
export function centreOf(layout: Layout, { x, y, width, height }: Box): Point {
  const across = layout.isColumn ? Math.max(...drawnBoxes(layout).map(box => box.x + box.width)) : width;
  return { x: x + across / 2, y: y + height / 2 };
}
