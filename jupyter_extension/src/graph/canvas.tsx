/** The picture, with pan and zoom. */

import { MiniMap, ReactFlow, useReactFlow } from '@xyflow/react';
import { type ReactElement, type RefObject, useEffect, useMemo, useRef } from 'react';

import { useGraph } from './context';
import { type LinkFlowEdge, LinkEdge } from './edges';
import { centreOf, drawnBoxes } from './extent';
import { FIXED, NO_KEYS } from './fixed';
import { flowEdges, type FlowNode, flowNodes } from './flow';
import { MANY_STEPS } from './folding';
import type { GraphModel } from './graphModel';
import { BandNode, StepNode } from './nodes';
import { SizeButtons, useSizeLabels } from './sizing';
import { isSeen, MARGIN, type Size, viewportOf } from './viewport';

const NODE_TYPES = { step: StepNode, band: BandNode };
const EDGE_TYPES = { link: LinkEdge };

/** Small beside the picture, which it lies on. */
const OVERVIEW = { width: 132, height: 80 };

/** @param found ids of nodes that the search found; null while nothing is searched for */
export function Canvas({ found }: { found: ReadonlySet<string> | null }): ReactElement {
  const { model, trans } = useGraph();
  const frame = useRef<HTMLDivElement>(null);
  const moved = useViewport(model, frame);
  const labels = useSizeLabels(trans);
  // An answer that changes nothing of the picture draws nothing anew.
  const nodes = useMemo(
    () => flowNodes(model, found, trans.__('These may run at the same time')),
    [model.layout, found, marksOf(model)]
  );
  const edges = useMemo(() => flowEdges(model), [model.layout, model.explanation.edge]);
  const isLarge = model.direction === 'LR' && model.layout.nodes.length > MANY_STEPS;
  return (
    <div className={model.isOld ? 'nb2pipe-Canvas nb2pipe-mod-old' : 'nb2pipe-Canvas'}>
      <div ref={frame} className="nb2pipe-Canvas-picture">
        <ReactFlow<FlowNode, LinkFlowEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          minZoom={0.05}
          maxZoom={2}
          ariaLabelConfig={labels}
          onMoveStart={event => (moved.current ||= event !== null)}
          onEdgeClick={(_, { data }) => {
            const edge = data?.edge.edges[0];
            return edge && void model.explanation.explain(edge);
          }}
          {...FIXED}
          {...NO_KEYS}
        >
          {isLarge && <MiniMap pannable zoomable style={OVERVIEW} />}
        </ReactFlow>
      </div>
      <SizeButtons />
    </div>
  );
}

/** All that nodes show beside their layout. */
function marksOf(model: GraphModel): string {
  const states = model.pipeline?.steps.map(step => model.stateOf(step.name));
  return JSON.stringify([model.currentStep, states, model.findings]);
}

/** Show what can be read until the user moves the picture, and keep the current step in sight. */
function useViewport(model: GraphModel, frame: RefObject<HTMLDivElement>): { current: boolean } {
  const flow = useReactFlow<FlowNode, LinkFlowEdge>();
  const moved = useRef(false);
  const { nodes } = model.layout;
  const size = (): Size => frame.current?.getBoundingClientRect() ?? { width: 0, height: 0 };
  const fit = useRef<() => void>(() => undefined);
  const current = nodes.find(node => node.steps.includes(model.currentStep ?? ''));
  fit.current = () => {
    const focus = current ?? nodes[0];
    if (!moved.current && size().width > 0 && focus) {
      void flow.setViewport(viewportOf(size(), drawnBoxes(model.layout), focus));
    }
  };
  const reveal = useRef<() => void>(() => undefined);
  reveal.current = () => {
    if (current && size().width > 0 && !isSeen(size(), flow.getViewport(), current)) {
      const { x, y } = centreOf(model.layout, current);
      void flow.setCenter(x, y, { zoom: flow.getZoom() });
    }
  };
  // A side panel has no size when it is attached.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      model.setRoom(Math.floor(size().width) - 2 * MARGIN);
      fit.current();
    });
    if (frame.current) {
      observer.observe(frame.current);
    }
    return () => observer.disconnect();
  }, [frame, model]);
  const shape = nodes.map(node => `${node.id} ${node.x}`).join(' ');
  useEffect(() => fit.current(), [shape]);
  useEffect(() => reveal.current(), [model.currentStep]);
  return moved;
}
