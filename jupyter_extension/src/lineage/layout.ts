/** Where nodes of a lineage stand: what something was made from to its left, what used it to its right. */

import { Graph, layout as place, type EdgeLabel, type NodeLabel } from '@dagrejs/dagre';

import type { Box, Point } from '../graph/layout';
import type { Visible } from './visible';

export interface Laid {
  boxes: ReadonlyMap<string, Box>;
  edges: readonly { id: string; source: string; target: string; points: readonly Point[] }[];
}

const WIDTH = 156;
const HEIGHT = 44;
const STEP_HEIGHT = 58;
const MORE_WIDTH = 76;
const MORE_HEIGHT = 26;

/** The same part of a lineage always gives the same picture. */
export function layoutLineage({ nodes, edges }: Visible): Laid {
  const graph = new Graph<object, NodeLabel, EdgeLabel>();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, edgesep: 8, ranksep: 30 });
  for (const { id, kind } of nodes) {
    graph.setNode(
      id,
      kind === 'more'
        ? { width: MORE_WIDTH, height: MORE_HEIGHT }
        : { width: WIDTH, height: kind === 'step' ? STEP_HEIGHT : HEIGHT }
    );
  }
  edges.forEach(({ source, target }) => graph.setEdge(source, target, {}));
  place(graph);
  const boxes = nodes.map(({ id }): [string, Box] => {
    const { x = 0, y = 0, width, height } = graph.node(id);
    return [id, { x: x - width / 2, y: y - height / 2, width, height }];
  });
  return {
    boxes: new Map(boxes),
    edges: edges.map(({ source, target }) => ({
      id: `${source} → ${target}`,
      source,
      target,
      points: graph.edge(source, target).points ?? []
    }))
  };
}
