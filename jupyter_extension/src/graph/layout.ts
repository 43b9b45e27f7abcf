/** Where steps and edges stand. The same pipeline always gives the same picture. */

import { Graph, graphlib, layout as place, type EdgeLabel, type NodeLabel } from '@dagrejs/dagre';

import type { Pipeline } from '../api/types';
import { columnOf, isTooWide } from './column';
import { edgeId, fold, type Folded, type FoldedEdge, type FoldedPipeline } from './folding';
import { edgeNames, shortLabel } from './labels';

/** Top to bottom, or left to right. */
export type Direction = 'TB' | 'LR';

export interface Point {
  x: number;
  y: number;
}
/** Pixels from the left upper corner of the picture. */
export interface Box extends Point {
  width: number;
  height: number;
}
export interface LaidNode extends Folded, Box {
  label: string;
  /** Parameters that its steps take. */
  parameters: readonly string[];
  /** Other steps that may run at the same time. */
  beside: readonly string[];
}
export interface LaidEdge extends FoldedEdge {
  id: string;
  /** All that crosses it. */
  names: readonly string[];
  label: string;
  /** Its way, from border to border. */
  points: readonly Point[];
  labelBox: Box;
}
/** A frame around steps that may run at the same time. */
export interface Band extends Box {
  id: string;
}
export interface Layout {
  nodes: readonly LaidNode[];
  edges: readonly LaidEdge[];
  bands: readonly Band[];
  /** Whether its steps stand under each other, with edges beside them. */
  isColumn: boolean;
}

// Nodes are all of one width, so that a name that grows moves nothing.
const WIDTHS: Record<Direction, number> = { TB: 136, LR: 164 };
const GAPS: Record<Direction, { nodesep: number; edgesep: number; ranksep: number }> = {
  TB: { nodesep: 16, edgesep: 10, ranksep: 18 },
  LR: { nodesep: 24, edgesep: 14, ranksep: 26 }
};
const HEIGHT = 38;
const CHIPS_HEIGHT = 22;
const LABEL_HEIGHT = 18;
const LETTER = 6.8;
const LONGEST_LABEL = 130;
const BAND_PADDING = 8;
/** An edge that passes a row, with a part of its label. */
const PASSING = 40;
/** Smaller than this part of its size a picture is hard to read. */
const SMALLEST = 0.85;

type Laid = Graph<object, NodeLabel, EdgeLabel>;

/**
 * Give each step, chain and edge its place.
 * @param chains that are drawn as one node each
 * @param room pixels across; steps are one column where they do not fit into it from top to bottom
 */
export function layoutPipeline(
  pipeline: Pipeline,
  direction: Direction,
  chains: readonly Folded[] = [],
  room = Infinity
): Layout {
  const folded = fold(pipeline, chains);
  const widths = { node: WIDTHS.TB, gap: GAPS.TB.nodesep, edge: PASSING };
  return direction === 'TB' && isTooWide(folded.nodes, folded.edges, widths, room / SMALLEST)
    ? layoutColumn(pipeline, folded)
    : layoutRows(pipeline, folded, direction);
}

function layoutColumn(pipeline: Pipeline, folded: FoldedPipeline): Layout {
  const nodes = folded.nodes.map(node => describe(node, pipeline, WIDTHS.TB));
  const edges = folded.edges.map(edge => ({ ...edge, names: edgeNames(edge.edges) }));
  const labels = edges.map(edge => shortLabel(edge.names));
  const places = columnOf(nodes, edges, number => labelSize(labels[number] ?? ''));
  const placed = nodes.map((node, number) => ({ ...node, ...places.nodes[number] })) as LaidNode[];
  return {
    nodes: placed,
    edges: edges.map((edge, number) => placeEdge(edge, places.edges[number])),
    bands: bandsOf(placed, pipeline.side_by_side),
    isColumn: true
  };
}

function layoutRows(pipeline: Pipeline, folded: FoldedPipeline, direction: Direction): Layout {
  const graph = new Graph<object, NodeLabel, EdgeLabel>();
  graph.setGraph({ rankdir: direction, ranker: rank, ...GAPS[direction] });
  const nodes = folded.nodes.map(node => describe(node, pipeline, WIDTHS[direction]));
  nodes.forEach(({ id, width, height }) => graph.setNode(id, { width, height }));
  const edges = folded.edges.map(edge => ({ ...edge, names: edgeNames(edge.edges) }));
  edges.forEach(({ source, target, names }) => {
    graph.setEdge(source, target, { ...labelSize(shortLabel(names)), labelpos: 'c' });
  });
  place(graph);
  if (isAgainstOrder(nodes, graph, direction)) {
    mirror(graph, direction);
  }
  const placed = nodes.map(node => ({ ...node, ...cornerOf(graph.node(node.id)) }));
  return {
    nodes: placed,
    edges: edges.map(edge => placeEdge(edge, graph.edge(edge.source, edge.target))),
    bands: bandsOf(placed, pipeline.side_by_side, direction),
    isColumn: false
  };
}

function describe(node: Folded, pipeline: Pipeline, width: number): Omit<LaidNode, 'x' | 'y'> {
  const steps = pipeline.steps.filter(step => node.steps.includes(step.name));
  const parameters = [...new Set(steps.flatMap(step => step.parameters))];
  const beside = pipeline.side_by_side
    .filter(group => group.some(name => node.steps.includes(name)))
    .flatMap(group => group.filter(name => !node.steps.includes(name)));
  const [first = ''] = node.steps;
  const last = node.steps.at(-1);
  return {
    ...node,
    label: last === first ? first : `${first} … ${last}`,
    parameters,
    beside,
    width,
    height: HEIGHT + (parameters.length > 0 ? CHIPS_HEIGHT : 0)
  };
}

/**
 * Put each step as near to the beginning as its edges let it: in rows that are the service's groups of steps that may
 * run side by side.
 */
function rank(graph: Laid): void {
  for (const id of graphlib.alg.topsort(graph)) {
    const ranks = (graph.inEdges(id) ?? []).map(
      edge => (graph.node(edge.v).rank ?? 0) + (graph.edge(edge).minlen ?? 1)
    );
    graph.node(id).rank = Math.max(0, ...ranks);
  }
}

/** Whether neighbours in a row stand more often against than in the order of the notebook. */
function isAgainstOrder(nodes: readonly Folded[], graph: Laid, direction: Direction): boolean {
  const [along, across] = axes(direction);
  const last = new Map<number, number>();
  let balance = 0;
  for (const { id } of nodes) {
    const label = graph.node(id);
    const row = label[along] ?? 0;
    const here = label[across] ?? 0;
    balance += Math.sign(here - (last.get(row) ?? here));
    last.set(row, here);
  }
  return balance < 0;
}

/** Left for right, or top for bottom. */
function mirror(graph: Laid, direction: Direction): void {
  const [, across] = axes(direction);
  const turn = (point: { x?: number; y?: number }): void => {
    point[across] = -(point[across] ?? 0);
  };
  graph.nodes().forEach(id => turn(graph.node(id)));
  graph.edges().forEach(edge => {
    const label = graph.edge(edge);
    turn(label);
    label.points?.forEach(turn);
  });
}

function axes(direction: Direction): ['x' | 'y', 'x' | 'y'] {
  return direction === 'TB' ? ['y', 'x'] : ['x', 'y'];
}

function labelSize(label: string): { width: number; height: number } {
  return { width: Math.min(LONGEST_LABEL, 12 + label.length * LETTER), height: LABEL_HEIGHT };
}

/** The way of an edge, and the middle and size of its label. */
type EdgePlace = Pick<EdgeLabel, 'x' | 'y' | 'points'> & Partial<Pick<Box, 'width' | 'height'>>;

function placeEdge(
  edge: FoldedEdge & { names: readonly string[] },
  { x = 0, y = 0, points = [], ...size }: EdgePlace = {}
): LaidEdge {
  const label = shortLabel(edge.names);
  return {
    ...edge,
    id: edgeId(edge.source, edge.target),
    label,
    points,
    labelBox: cornerOf({ x, y, ...labelSize(label), ...size })
  };
}

/** dagre names the middle of a box. */
function cornerOf({ x = 0, y = 0, width, height }: NodeLabel): Box {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/**
 * A frame where the whole group stands together with nobody else between; elsewhere the nodes say it alone.
 * @param direction of rows, in one of which it has to stand; none where all is one column
 */
function bandsOf(
  nodes: readonly LaidNode[],
  groups: readonly (readonly string[])[],
  direction?: Direction
): Band[] {
  const bands: Band[] = [];
  for (const group of groups) {
    const members = nodes.filter(node => node.steps.some(name => group.includes(name)));
    const middles = members.map(node =>
      direction === 'LR' ? node.x + node.width / 2 : direction ? node.y + node.height / 2 : 0
    );
    const band = { id: `band:${group[0] ?? ''}`, ...around(members) };
    const isAlone = nodes.every(node => members.includes(node) || !overlap(node, band));
    if (members.length > 1 && Math.max(...middles) - Math.min(...middles) < 1 && isAlone) {
      bands.push(band);
    }
  }
  return bands;
}

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map(box => box.x)) - BAND_PADDING;
  const y = Math.min(...boxes.map(box => box.y)) - BAND_PADDING;
  const right = Math.max(...boxes.map(box => box.x + box.width)) + BAND_PADDING;
  const bottom = Math.max(...boxes.map(box => box.y + box.height)) + BAND_PADDING;
  return { x, y, width: right - x, height: bottom - y };
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}
