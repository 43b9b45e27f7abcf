import { describe, expect, it } from 'vitest';

import type { Edge, Pipeline } from '../src/api/types';
import { chainsOf, fold } from '../src/graph/folding';
import { edgeNames, shortLabel } from '../src/graph/labels';
import { type Box, type Direction, layoutPipeline } from '../src/graph/layout';
import { pipelineOf } from './helpers/pipelines';
import { checked } from './helpers/samples';

const overlaps = (boxes: readonly Box[]): number =>
  boxes.filter((one, index) =>
    boxes
      .slice(index + 1)
      .some(
        other =>
          one.x < other.x + other.width &&
          other.x < one.x + one.width &&
          one.y < other.y + other.height &&
          other.y < one.y + one.height
      )
  ).length;

/** `width` chains of `length` steps each, between a first and a last step. */
const wide = (width: number, length: number): Pipeline =>
  pipelineOf(
    Array.from({ length: width }, (_, row) =>
      ['first', ...Array.from({ length }, (_, column) => `s${row}-${column}`), 'last'].join(' ')
    )
  );

describe('layoutPipeline', () => {
  it('puts the service’s own answer in order, in both directions', () => {
    const { pipeline } = checked('check-three-steps').answer;
    const layout = layoutPipeline(pipeline as Pipeline, 'TB');
    expect(['make', 'add', 'root']).toEqual(layout.nodes.map(node => node.label));
    const ys = layout.nodes.map(node => node.y);
    expect([...ys].sort((a, b) => a - b)).toEqual(ys);
    expect(['xs', 'xs', 'total']).toEqual(layout.edges.map(edge => edge.label));
    expect([['rows'], [], []]).toEqual(layout.nodes.map(node => node.parameters));
    const across = layoutPipeline(pipeline as Pipeline, 'LR').nodes.map(node => node.x);
    expect([...across].sort((a, b) => a - b)).toEqual(across);
  });

  it.each<Direction>(['TB', 'LR'])('lets nothing lie upon anything at 60 steps: %s', direction => {
    const { nodes, edges } = layoutPipeline(wide(6, 10), direction);
    expect(62).toEqual(nodes.length);
    expect(0).toEqual(overlaps([...nodes, ...edges.map(edge => edge.labelBox)]));
  });

  it('is the same each time, and does not move when only names change', () => {
    const pipeline = wide(3, 4);
    const first = layoutPipeline(pipeline, 'TB');
    expect(first).toEqual(layoutPipeline(structuredClone(pipeline), 'TB'));
    const renamed = structuredClone(pipeline);
    renamed.steps.forEach(step => (step.name += '_longer'));
    renamed.edges.forEach(edge => {
      edge.source += '_longer';
      edge.target += '_longer';
    });
    const places = (boxes: readonly Box[]) => boxes.map(({ x, y }) => [x, y]);
    expect(places(first.nodes)).toEqual(places(layoutPipeline(renamed, 'TB').nodes));
  });

  it('frames steps that may run side by side, and names the others on each', () => {
    const pipeline = pipelineOf(['a b d', 'a c d']);
    pipeline.side_by_side = [['b', 'c']];
    const { nodes, bands } = layoutPipeline(pipeline, 'TB');
    expect([[], ['c'], [], ['b']]).toEqual(nodes.map(node => node.beside));
    const [band] = bands;
    const inside = nodes.filter(node => band && node.y > band.y && node.y < band.y + band.height);
    expect([1, ['b', 'c']]).toEqual([bands.length, inside.map(node => node.label)]);
  });

  it('stands each step in the row of its group, however much later it is used', () => {
    const { nodes } = layoutPipeline(pipelineOf(['a b c d', 'a e d']), 'TB');
    const yOf = (name: string) => nodes.find(node => node.id === name)?.y;
    expect(yOf('b')).toEqual(yOf('e'));
  });

  it.each<Direction>(['TB', 'LR'])('keeps the order of the notebook in a row: %s', direction => {
    const { nodes } = layoutPipeline(pipelineOf(['a b d', 'a c d']), direction);
    const [, b, c] = nodes.map(node => (direction === 'TB' ? node.x : node.y));
    expect(b).toBeLessThan(c ?? 0);
  });

  it('takes steps that nothing joins, and a pipeline of none', () => {
    expect(0).toEqual(overlaps(layoutPipeline(pipelineOf(['a', 'b', 'c']), 'TB').nodes));
    expect({ nodes: [], edges: [], bands: [], isColumn: false }).toEqual(
      layoutPipeline(pipelineOf([]), 'LR')
    );
  });
});

describe('folding', () => {
  it('finds chains with nothing beside them, and draws each as one node', () => {
    const pipeline = wide(2, 3);
    const chains = chainsOf(pipeline);
    expect([
      ['s0-0', 's0-1', 's0-2'],
      ['s1-0', 's1-1', 's1-2']
    ]).toEqual(chains.map(chain => chain.steps));
    const { nodes, edges } = fold(pipeline, chains);
    expect(['first', 'chain:s0-0', 'last', 'chain:s1-0']).toEqual(nodes.map(node => node.id));
    expect(4).toEqual(edges.length);
    expect(pipeline.edges.length).toEqual(edges.flatMap(edge => edge.edges).length + 4);
  });

  it('leaves pairs and branches alone', () => {
    expect([]).toEqual(chainsOf(pipelineOf(['a b d', 'a c d'])));
  });
});

describe('labels', () => {
  it('has variables first, two of them, and how many more', () => {
    const link = (kind: Edge['links'][number]['kind'], name: string) => ({ kind, name, reason: '' });
    const edge = (...links: Edge['links']): Edge => ({ source: 'a', target: 'b', links });
    const names = edgeNames([
      edge(link('ambient', 'random'), link('file', 'd.csv'), link('variable', 'x')),
      edge(link('variable', 'y'), link('variable', 'x'), link('declared', 'after:a'))
    ]);
    expect(['x', 'y', '@random', 'file d.csv', 'after:a']).toEqual(names);
    expect(['x, y +3', 'x', '']).toEqual([shortLabel(names), shortLabel(['x']), shortLabel([])]);
  });
});

describe('a narrow panel', () => {
  const NARROW = 224;
  /** A first step, `count` beside each other, and a last one. */
  const fan = (count: number): Pipeline => {
    const pipeline = pipelineOf(Array.from({ length: count }, (_, number) => `first m${number} last`));
    const isLast = (name: string): number => Number(name === 'last');
    pipeline.steps.sort((one, other) => isLast(one.name) - isLast(other.name));
    return pipeline;
  };

  it('has steps side by side under each other, and lets nothing lie upon anything', () => {
    const pipeline = fan(12);
    pipeline.side_by_side = [pipeline.steps.map(step => step.name).filter(name => name.startsWith('m'))];
    const { nodes, edges, bands, isColumn } = layoutPipeline(pipeline, 'TB', [], NARROW);
    expect([true, 1]).toEqual([isColumn, new Set(nodes.map(node => node.x)).size]);
    expect(pipeline.steps.map(step => step.name)).toEqual(nodes.map(node => node.id));
    expect(0).toEqual(overlaps([...nodes, ...edges.map(edge => edge.labelBox)]));
    expect(1).toEqual(bands.length);
    for (const { points, source, target } of edges) {
      const [from, to] = [source, target].map(id => nodes.find(node => node.id === id));
      const [start, end] = [points[0], points.at(-1)];
      expect(true).toEqual(start !== undefined && from !== undefined && start.y <= from.y + from.height);
      expect(true).toEqual(end !== undefined && to !== undefined && end.y >= to.y);
    }
    const lanes = edges.filter(edge => edge.points.length > 2).map(edge => edge.points[2]?.x);
    expect(2).toEqual(new Set(lanes).size); // one from the first step, one to the last
  });

  it('keeps rows where they fit, and where there is room', () => {
    expect(false).toEqual(layoutPipeline(pipelineOf(['a b c']), 'TB', [], NARROW).isColumn);
    expect(false).toEqual(layoutPipeline(fan(3), 'TB', [], 900).isColumn);
    expect(false).toEqual(layoutPipeline(fan(3), 'LR', [], NARROW).isColumn);
  });
});
