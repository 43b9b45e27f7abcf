/** Pipelines of any shape, made of the service's own answer. */

import type { Pipeline, Step } from '../../src/api/types';
import { checked } from './samples';

/**
 * A pipeline whose edges are neighbours in these ways, such as `a b d` and `a c d`. Step number n has cell n.
 */
export function pipelineOf(ways: readonly string[]): Pipeline {
  const { pipeline } = checked('check-three-steps').answer;
  const sample = pipeline?.steps[1];
  if (!pipeline || !sample) {
    throw new Error('the sample has no pipeline');
  }
  const names = ways.map(way => way.split(' '));
  const step = (name: string, index: number): Step => ({ ...sample, name, cells: [index], inputs: [] });
  const pairs = names.flatMap(way => way.slice(1).map((target, index) => `${way[index] ?? ''} ${target}`));
  return {
    ...pipeline,
    steps: [...new Set(names.flat())].map(step),
    edges: [...new Set(pairs)].map(pair => {
      const [source = '', target = ''] = pair.split(' ');
      return { source, target, links: [{ kind: 'variable', name: `v_${source}`, reason: '' }] };
    })
  };
}
