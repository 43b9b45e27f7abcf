/** Which steps are drawn as one: chains that have nothing beside them. */

import type { Edge, Pipeline } from '../api/types';

/** Above so many steps chains are folded until somebody unfolds them. */
export const MANY_STEPS = 25;
const SHORTEST_CHAIN = 3;

/** A step, or a chain of them, before it has a place. */
export interface Folded {
  /** The step's name; for a chain, `chain:` and the name of its first. */
  id: string;
  /** Names, in the order in which they run. */
  steps: readonly string[];
}
export interface FoldedEdge {
  source: string;
  target: string;
  /** The pipeline's own edges that it stands for. */
  edges: readonly Edge[];
}
export interface FoldedPipeline {
  nodes: readonly Folded[];
  edges: readonly FoldedEdge[];
}

/** The longest chains of three steps or more in which each step has one neighbour before and one after. */
export function chainsOf(pipeline: Pipeline): Folded[] {
  const after = neighbours(pipeline.edges, 'source', 'target');
  const before = neighbours(pipeline.edges, 'target', 'source');
  const next = (name: string): string | null => {
    const [only, ...others] = after.get(name) ?? [];
    return only !== undefined && others.length === 0 && before.get(only)?.length === 1 ? only : null;
  };
  const inner = new Set(pipeline.steps.map(step => next(step.name)));
  const chains: Folded[] = [];
  for (const { name } of pipeline.steps.filter(step => !inner.has(step.name))) {
    const steps: string[] = [];
    for (let here: string | null = name; here !== null; here = next(here)) {
      steps.push(here);
    }
    if (steps.length >= SHORTEST_CHAIN) {
      chains.push({ id: `chain:${name}`, steps });
    }
  }
  return chains;
}

/** The pipeline with these chains drawn as one node each; edges inside a chain are left out. */
export function fold(pipeline: Pipeline, chains: readonly Folded[]): FoldedPipeline {
  const chainOf = new Map(chains.flatMap(chain => chain.steps.map(name => [name, chain] as const)));
  const nodes = new Map<string, Folded>();
  for (const { name } of pipeline.steps) {
    const node = chainOf.get(name) ?? { id: name, steps: [name] };
    nodes.set(node.id, node);
  }
  const edges = new Map<string, FoldedEdge>();
  for (const edge of pipeline.edges) {
    const source = chainOf.get(edge.source)?.id ?? edge.source;
    const target = chainOf.get(edge.target)?.id ?? edge.target;
    const id = edgeId(source, target);
    if (source !== target) {
      edges.set(id, { source, target, edges: [...(edges.get(id)?.edges ?? []), edge] });
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** What an edge is called; no step's name has a space. */
export function edgeId(source: string, target: string): string {
  return `${source} ${target}`;
}

function neighbours(
  edges: readonly Edge[],
  of: 'source' | 'target',
  side: 'source' | 'target'
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  edges.forEach(edge => found.set(edge[of], [...(found.get(edge[of]) ?? []), edge[side]]));
  return found;
}
