/** The picture of a lineage, with pan and zoom. */

import {
  BaseEdge,
  type Edge,
  type EdgeProps,
  MarkerType,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow
} from '@xyflow/react';
import { type ReactElement, type RefObject, useEffect, useMemo, useRef } from 'react';

import type { Lineage } from '../api/types';
import { FIXED, NO_KEYS } from '../graph/fixed';
import { pathOf } from '../graph/edges';
import type { Box, Point } from '../graph/layout';
import { SizeButtons, useSizeLabels } from '../graph/sizing';
import { viewportOf } from '../graph/viewport';
import { useLineage } from './context';
import { layoutLineage, type Laid } from './layout';
import { type MoreFlowNode, MoreNode, type ThingFlowNode, ThingNode } from './nodes';
import type { Visible } from './visible';

type FlowNode = ThingFlowNode | MoreFlowNode;
type FlowEdge = Edge<{ points: readonly Point[] }, 'flow'>;

const NODE_TYPES = { thing: ThingNode, more: MoreNode };
const EDGE_TYPES = { flow: FlowLine };
/** Names can still be read at this size, and what stands below them. */
const SMALLEST = 0.8;
const ARROW = { type: MarkerType.ArrowClosed, width: 16, height: 16, color: '' };

export function LineageCanvas({ answer, shown }: { answer: Lineage; shown: Visible }): ReactElement {
  return (
    <ReactFlowProvider>
      <Picture answer={answer} shown={shown} />
    </ReactFlowProvider>
  );
}

function Picture({ answer, shown }: { answer: Lineage; shown: Visible }): ReactElement {
  const { trans } = useLineage();
  const frame = useRef<HTMLDivElement>(null);
  const laid = useMemo(() => layoutLineage(shown), [shown]);
  const nodes = useMemo(() => flowNodes(answer, shown, laid), [answer, shown, laid]);
  const edges = useMemo(() => flowEdges(laid), [laid]);
  useFit(frame, shown, laid);
  const labels = useSizeLabels(trans);
  return (
    <div className="nb2pipe-Canvas">
      <div ref={frame} className="nb2pipe-Canvas-picture">
        <ReactFlow<FlowNode, FlowEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          minZoom={0.05}
          maxZoom={2}
          ariaLabelConfig={labels}
          {...FIXED}
          {...NO_KEYS}
        />
      </div>
      <SizeButtons />
    </div>
  );
}

/** Keep in sight what one looks at, whenever that or the room for it changes. */
function useFit(frame: RefObject<HTMLDivElement>, shown: Visible, laid: Laid): void {
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const fit = useRef<() => void>(() => undefined);
  fit.current = () => {
    const size = frame.current?.getBoundingClientRect();
    const [first] = shown.centre;
    const focus = laid.boxes.get(first ?? '');
    if (size && size.width > 0 && focus) {
      const view = viewportOf(size, [...laid.boxes.values()], focus, SMALLEST);
      const height = Math.max(...[...laid.boxes.values()].map(box => box.y + box.height)) * view.zoom;
      void flow.setViewport(height < size.height - 24 ? { ...view, y: (size.height - height) / 2 } : view);
    }
  };
  useEffect(() => {
    const observer = new ResizeObserver(() => fit.current());
    if (frame.current) {
      observer.observe(frame.current);
    }
    return () => observer.disconnect();
  }, [frame]);
  useEffect(() => fit.current(), [shown.centre]);
}

function flowNodes(answer: Lineage, shown: Visible, laid: Laid): FlowNode[] {
  return shown.nodes.map((node): FlowNode => {
    const { x, y, width, height }: Box = laid.boxes.get(node.id) ?? { x: 0, y: 0, width: 0, height: 0 };
    const place = { id: node.id, position: { x, y }, width, height };
    return node.kind === 'more'
      ? { ...place, type: 'more', data: { more: node } }
      : { ...place, type: 'thing', data: { node, answer, isCentre: shown.centre.has(node.id) } };
  });
}

function flowEdges(laid: Laid): FlowEdge[] {
  return laid.edges.map(({ id, source, target, points }) => ({
    id,
    source,
    target,
    type: 'flow',
    data: { points },
    markerEnd: ARROW
  }));
}

function FlowLine({ data, markerEnd }: EdgeProps<FlowEdge>): ReactElement | null {
  return data ? <BaseEdge path={pathOf(data.points)} {...(markerEnd ? { markerEnd } : {})} /> : null;
}
