/** A pipeline as one column, step under step, for a panel that is too narrow for steps side by side. */

import type { Folded, FoldedEdge } from './folding';
import type { Point } from './layout';

/** A node before it has a place. */
interface Sized extends Folded {
  width: number;
  height: number;
}
interface Size {
  width: number;
  height: number;
}
export interface ColumnPlaces {
  /** In the order of the nodes. */
  nodes: readonly (Point & Size)[];
  /** Ways, and middles of labels, in the order of the edges. */
  edges: readonly (Point & Size & { points: Point[] })[];
}

/** Height of a row of a node's right border, where one edge comes in or all others leave. */
const ROW = 18;
const GAP = 14;
const GAP_WITH_LABEL = 34;
const LABEL_HEIGHT = 16;
const LABEL_WIDTH = 64;
/** Between a node and the label of an edge that comes in there, for the head of its arrow. */
const HEAD = 12;
const LANE = 9;
const TURN = 4;

/**
 * Whether steps in rows would be wider than a panel, roughly: nodes side by side, and edges that pass them.
 * @param room pixels that there are for the picture at its full size
 */
export function isTooWide(
  nodes: readonly Folded[],
  edges: readonly FoldedEdge[],
  widths: { node: number; gap: number; edge: number },
  room: number
): boolean {
  const rank = ranksOf(nodes, edges);
  const wide = new Map<number, number>();
  const add = (row: number, width: number): void => void wide.set(row, (wide.get(row) ?? 0) + width);
  nodes.forEach(node => add(rank.get(node.id) ?? 0, widths.node + widths.gap));
  for (const { source, target } of edges) {
    for (let row = (rank.get(source) ?? 0) + 1; row < (rank.get(target) ?? 0); row++) {
      add(row, widths.edge);
    }
  }
  return Math.max(0, ...wide.values()) - widths.gap > room;
}

/** The row of each node where it stands as near to the beginning as its edges let it. */
function ranksOf(nodes: readonly Folded[], edges: readonly FoldedEdge[]): Map<string, number> {
  const into = new Map<string, string[]>();
  edges.forEach(({ source, target }) => into.set(target, [...(into.get(target) ?? []), source]));
  const rank = new Map<string, number>();
  for (const { id } of nodes) {
    rank.set(id, Math.max(0, ...(into.get(id) ?? []).map(source => (rank.get(source) ?? 0) + 1)));
  }
  return rank;
}

/**
 * Stand nodes under each other in their order, which is the notebook's: no edge leads up. An edge to the next node goes
 * straight down; any other leaves its node at the right, goes down a lane, and comes in at the right of its target, with its
 * label before the arrow.
 * @param labelOf size of the label of an edge, by its number
 */
export function columnOf(
  nodes: readonly Sized[],
  edges: readonly FoldedEdge[],
  labelOf: (edge: number) => Size
): ColumnPlaces {
  const index = new Map(nodes.map((node, number) => [node.id, number]));
  const ends = edges.map(edge => ({
    source: index.get(edge.source) ?? 0,
    target: index.get(edge.target) ?? 0
  }));
  const { incoming, isLeft, isFollowed } = portsOf(nodes.length, ends);
  const placed = stand(nodes, number => ({
    rows: (incoming[number]?.length ?? 0) + (isLeft.has(number) ? 1 : 0),
    gap: isFollowed.has(number) ? GAP_WITH_LABEL : GAP
  }));
  const lanes = lanesOf(ends);
  return {
    nodes: placed,
    edges: ends.map((edge, number) => {
      const [from, to] = [placed[edge.source] ?? NOWHERE, placed[edge.target] ?? NOWHERE];
      const lane = LANE * (1 + (lanes.get(number) ?? 0));
      const row = incoming[edge.target]?.indexOf(number) ?? 0;
      return isFar(edge) ? beside(from, to, lane, row, labelOf(number)) : below(from, to, labelOf(number));
    })
  };
}

const NOWHERE = { x: 0, y: 0, width: 0, height: 0 };

interface Ends {
  source: number;
  target: number;
}

function isFar({ source, target }: Ends): boolean {
  return target !== source + 1;
}

/** Which edges come in at a node's right, the nearest first; nodes that edges leave there; nodes with one from above. */
function portsOf(
  count: number,
  ends: readonly Ends[]
): { incoming: number[][]; isLeft: Set<number>; isFollowed: Set<number> } {
  const incoming = Array.from({ length: count }, (): number[] => []);
  ends.forEach((edge, number) => isFar(edge) && incoming[edge.target]?.push(number));
  incoming.forEach(each => each.sort((one, other) => (ends[other]?.source ?? 0) - (ends[one]?.source ?? 0)));
  return {
    incoming,
    isLeft: new Set(ends.filter(isFar).map(edge => edge.source)),
    isFollowed: new Set(ends.filter(edge => !isFar(edge)).map(edge => edge.target))
  };
}

function stand(
  nodes: readonly Sized[],
  needs: (number: number) => { rows: number; gap: number }
): (Point & Size)[] {
  let y = 0;
  return nodes.map((node, number) => {
    const { rows, gap } = needs(number);
    const height = Math.max(node.height, rows * ROW + 2);
    const top = y + (number === 0 ? 0 : gap);
    y = top + height;
    return { x: 0, y: top, width: node.width, height };
  });
}

/** Straight down to the next node. */
function below(from: Point & Size, to: Point & Size, label: Size): Point & Size & { points: Point[] } {
  const x = from.width / 2;
  const [top, bottom] = [from.y + from.height, to.y];
  return {
    x,
    y: (top + bottom) / 2 - 2,
    width: Math.min(label.width, from.width),
    height: LABEL_HEIGHT,
    points: [
      { x, y: top },
      { x, y: bottom }
    ]
  };
}

/** Out to the lane, down, and back, round at both corners. */
function beside(
  from: Point & Size,
  to: Point & Size,
  lane: number,
  row: number,
  label: Size
): Point & Size & { points: Point[] } {
  const x = from.width + HEAD + LABEL_WIDTH + lane;
  const exit = from.y + from.height - ROW / 2 - 1;
  const entry = to.y + 1 + ROW * (row + 0.5);
  return {
    x: to.width + HEAD + LABEL_WIDTH / 2,
    y: entry,
    width: Math.min(label.width, LABEL_WIDTH),
    height: LABEL_HEIGHT,
    points: [
      { x: from.width, y: exit },
      { x: x - 2 * TURN, y: exit },
      { x, y: exit },
      { x, y: exit + 2 * TURN },
      { x, y: entry - 2 * TURN },
      { x, y: entry },
      { x: x - 2 * TURN, y: entry },
      { x: to.width, y: entry }
    ]
  };
}

/**
 * The lane of each edge that needs one. All edges from one node share a lane; a node that only one leaves shares that of
 * its target's others. The short ones stand next to the nodes.
 */
function lanesOf(ends: readonly Ends[]): Map<number, number> {
  const leaving = new Map<number, number>();
  const far = ends.map((edge, number) => ({ ...edge, number })).filter(isFar);
  far.forEach(({ source }) => leaving.set(source, (leaving.get(source) ?? 0) + 1));
  const spans = new Map<string, { start: number; end: number; edges: number[] }>();
  for (const { source, target, number } of far) {
    const key = (leaving.get(source) ?? 0) > 1 ? `from ${source}` : `to ${target}`;
    const span = spans.get(key) ?? { start: source, end: target, edges: [] };
    const edges = [...span.edges, number];
    spans.set(key, { start: Math.min(span.start, source), end: Math.max(span.end, target), edges });
  }
  const sorted = [...spans.values()].sort(
    (one, other) => one.end - one.start - (other.end - other.start) || one.start - other.start
  );
  const taken: { start: number; end: number }[][] = [];
  const lanes = new Map<number, number>();
  for (const span of sorted) {
    const free = taken.findIndex(lane =>
      lane.every(each => each.end <= span.start || span.end <= each.start)
    );
    const lane = free < 0 ? taken.push([]) - 1 : free;
    taken[lane]?.push(span);
    span.edges.forEach(number => lanes.set(number, lane));
  }
  return lanes;
}
