import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { loudest, stateText } from '../src/graph/stateMark';

const trans = nullTranslator.load('nb2pipe');

describe('states of steps', () => {
  it('shows of several steps what most needs a look', () => {
    const states = (['succeeded', 'queued', 'running', 'failed'] as const).map(state => ({ state }));
    expect('failed').toEqual(loudest(states)?.state);
    expect('running').toEqual(loudest(states.slice(0, 3))?.state);
    expect('cached').toEqual(loudest([null, { state: 'cached' }])?.state);
    expect(null).toEqual(loudest([null]));
  });

  it('has words for them, with the number of the cell as the reader sees it', () => {
    expect('Failed, cell 5').toEqual(stateText({ state: 'failed', cell: 4 }, trans));
    expect('Succeeded').toEqual(stateText({ state: 'succeeded' }, trans));
  });
});
