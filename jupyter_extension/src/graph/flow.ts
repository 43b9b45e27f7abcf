/** What the graph library is given. */

import { MarkerType } from '@xyflow/react';

import type { GraphModel } from './graphModel';
import type { LinkFlowEdge } from './edges';
import type { Box, LaidNode } from './layout';
import type { BandFlowNode, StepFlowNode } from './nodes';
import { loudest } from './stateMark';

export type FlowNode = StepFlowNode | BandFlowNode;

/** @param caption of frames around steps that may run side by side */
export function flowNodes(model: GraphModel, found: ReadonlySet<string> | null, caption: string): FlowNode[] {
  const { layout, direction, currentStep, findings } = model;
  const bands = layout.bands.map((band): BandFlowNode => ({
    ...boxOf(band),
    id: band.id,
    type: 'band',
    data: { band, caption },
    zIndex: -1
  }));
  const steps = layout.nodes.map((node): StepFlowNode => ({
    ...boxOf(node),
    id: node.id,
    type: 'step',
    data: {
      node,
      direction,
      state: loudest(node.steps.map(name => model.stateOf(name))),
      findings: findings.filter(each => each.step !== null && node.steps.includes(each.step)),
      isCurrent: currentStep !== null && node.steps.includes(currentStep),
      isFound: found ? found.has(node.id) : null
    }
  }));
  return [...bands, ...steps];
}

export function flowEdges(model: GraphModel): LinkFlowEdge[] {
  const chosen = model.explanation.edge;
  return model.layout.edges.map(edge => ({
    id: edge.id,
    source: edge.source,
    target: edge.target,
    type: 'link',
    data: {
      edge,
      isChosen: edge.edges.some(each => each.source === chosen?.source && each.target === chosen.target)
    },
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: '' }
  }));
}

/** Steps and chains whose name, variables or parameters have the words in them; all in order. */
export function search(model: GraphModel, words: string): LaidNode[] {
  const wanted = words.trim().toLowerCase();
  const textOf = (name: string): string[] => {
    const step = model.step(name);
    return [name, ...(step?.parameters ?? []), ...(step?.outputs ?? [])];
  };
  return wanted === ''
    ? []
    : model.layout.nodes.filter(node =>
        node.steps.flatMap(textOf).some(text => text.toLowerCase().includes(wanted))
      );
}

function boxOf({ x, y, width, height }: Box): {
  position: { x: number; y: number };
  width: number;
  height: number;
} {
  return { position: { x, y }, width, height };
}
