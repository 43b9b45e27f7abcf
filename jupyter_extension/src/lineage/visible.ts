/** The part of a lineage that is drawn: so many steps around what one looks at, the rest behind nodes that say "more". */

import type { Lineage, LineageNode } from '../api/types';

export type Side = 'upstream' | 'downstream';

/** Stands for neighbours that are not drawn. */
export interface More {
  kind: 'more';
  id: string;
  /** How many neighbours are not drawn. */
  count: number;
  side: Side;
}
export interface Visible {
  nodes: readonly (LineageNode | More)[];
  /** In the direction of the data. */
  edges: readonly { source: string; target: string }[];
  /** Ids of what one looks at. */
  centre: ReadonlySet<string>;
}

/** Neighbours of one node on one side that are drawn at once. */
export const PAGE = 6;
/** The page of what one looks at, where that is several. */
export const STARTS = 'starts';

export function pageKey(id: string, side: Side): string {
  return `more:${side}:${id}`;
}

/**
 * @param depth number of edges from what one looks at
 * @param pages how many more neighbours are drawn, by `pageKey`
 */
export function visible(answer: Lineage, depth: number, pages: ReadonlyMap<string, number>): Visible {
  const byId = new Map(answer.nodes.map(node => [node.id, node]));
  const starts = answer.starts.filter(id => byId.has(id));
  const shown = starts.slice(-(PAGE + (pages.get(STARTS) ?? 0))); // the newest ones
  const found = new Found(byId);
  shown.forEach(id => found.add(id));
  for (const side of ['upstream', 'downstream'] as const) {
    found.follow(answer, side, shown, depth, pages);
  }
  if (shown.length < starts.length) {
    found.more({ kind: 'more', id: STARTS, count: starts.length - shown.length, side: 'upstream' });
  }
  return { nodes: [...found.nodes.values()], edges: [...found.edges.values()], centre: new Set(shown) };
}

class Found {
  constructor(private readonly _byId: ReadonlyMap<string, LineageNode>) {}

  readonly nodes = new Map<string, LineageNode | More>();
  readonly edges = new Map<string, { source: string; target: string }>();

  add(id: string): void {
    const node = this._byId.get(id);
    if (node) {
      this.nodes.set(id, node);
    }
  }

  more(node: More): void {
    this.nodes.set(node.id, node);
  }

  follow(
    answer: Lineage,
    side: Side,
    starts: readonly string[],
    depth: number,
    pages: ReadonlyMap<string, number>
  ): void {
    const around = neighbours(answer, side);
    const levels = new Map(starts.map(id => [id, 0]));
    for (const [id, level] of levels) {
      const key = pageKey(id, side);
      const room = (level < depth ? PAGE : 0) + (pages.get(key) ?? 0);
      const all = around.get(id) ?? [];
      // What is drawn already takes no room.
      const next = [...all.filter(each => levels.has(each)), ...all.filter(each => !levels.has(each))];
      const isShort = next.length <= room + 1 && room > 0; // "1 more" would take the place of that one
      const drawn = next.filter((each, index) => levels.has(each) || isShort || index < room);
      for (const other of drawn) {
        this.add(other);
        this._link(id, other, side);
        if (!levels.has(other)) {
          levels.set(other, level + 1);
        }
      }
      if (drawn.length < all.length) {
        this.more({ kind: 'more', id: key, count: all.length - drawn.length, side });
        this._link(id, key, side);
      }
    }
  }

  private _link(id: string, other: string, side: Side): void {
    const [source, target] = side === 'upstream' ? [other, id] : [id, other];
    this.edges.set(JSON.stringify([source, target]), { source, target });
  }
}

function neighbours(answer: Lineage, side: Side): Map<string, string[]> {
  const inside = new Set(answer[side] ?? []);
  const found = new Map<string, string[]>();
  for (const { source, target } of answer.edges) {
    if (inside.has(source) && inside.has(target)) {
      const [from, to] = side === 'upstream' ? [target, source] : [source, target];
      found.set(from, [...(found.get(from) ?? []), to]);
    }
  }
  return found;
}
