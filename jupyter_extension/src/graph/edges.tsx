/** An edge along the way that the layout found for it, with what crosses it. */

import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import type { ReactElement } from 'react';

import { useGraph } from './context';
import type { LaidEdge, Point } from './layout';

export type LinkFlowEdge = Edge<{ edge: LaidEdge; isChosen: boolean }, 'link'>;

export function LinkEdge({ data, markerEnd }: EdgeProps<LinkFlowEdge>): ReactElement | null {
  const { model, trans } = useGraph();
  if (!data) {
    return null;
  }
  const { edge, isChosen } = data;
  const { x, y, width, height } = edge.labelBox;
  const title = `${edge.edges.map(each => `${each.source} → ${each.target}`).join('\n')}\n${edge.names.join(', ')}`;
  return (
    <>
      <BaseEdge path={pathOf(edge.points)} {...(markerEnd ? { markerEnd } : {})} interactionWidth={16} />
      <EdgeLabelRenderer>
        <button
          type="button"
          className="nb2pipe-EdgeLabel"
          data-edge={edge.id}
          aria-pressed={isChosen}
          aria-label={trans.__('Why is this edge there? %1', title)}
          title={title}
          style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
          onClick={() => edge.edges[0] && void model.explanation.explain(edge.edges[0])}
        >
          {edge.label}
        </button>
      </EdgeLabelRenderer>
    </>
  );
}

/** A smooth line: straight to the middle of each piece, round through the points between. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...others] = points;
  const last = others.pop();
  if (!first || !last) {
    return '';
  }
  const curves = others.map((point, index) => {
    const next = others[index + 1] ?? last;
    const [x, y] = index === others.length - 1 ? [last.x, last.y] : middle(point, next);
    return `Q${point.x},${point.y} ${x},${y}`;
  });
  return `M${first.x},${first.y} ${curves.length > 0 ? curves.join(' ') : `L${last.x},${last.y}`}`;
}

function middle(one: Point, other: Point): [number, number] {
  return [(one.x + other.x) / 2, (one.y + other.y) / 2];
}
