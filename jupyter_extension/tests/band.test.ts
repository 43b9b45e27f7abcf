import { describe, expect, it } from 'vitest';

import { bandsOf } from '../src/tagging/band';
import { COLOURS, coloursOf } from '../src/tagging/palette';
import { code, notebook } from './helpers/notebooks';
import { checked } from './helpers/samples';

const { notebook: content, answer } = checked('check-three-steps');
const pipeline = { pipeline: answer.pipeline, lastGood: answer.pipeline, isOfTheseCells: true };
const none = { pipeline: null, lastGood: null, isOfTheseCells: false };

describe('bandsOf', () => {
  it('leaves a notebook without tags as it is', () => {
    expect([null, null]).toEqual(bandsOf(notebook(code(), code('2', 'mine')), none, () => null));
  });

  it('heads the first cell of each step with what flows and how it fared', () => {
    const stateOf = (step: string) => (step === 'add' ? 'failed' : null);
    const bands = bandsOf(notebook(...content.cells), pipeline, stateOf);
    expect(['', 'setup', 'parameters', 'make', 'add', 'root', 'root']).toEqual(
      bands.map(band => band && (band.step || band.kind)).map(name => name ?? '')
    );
    expect({
      isContinued: false,
      isMovable: true,
      inputs: ['xs'],
      outputs: ['total'],
      state: 'failed'
    }).toEqual(bands[4]?.header);
    expect(bands[3]?.header?.inputs).toContain('rows');
    expect(true).toEqual(bands[6]?.isMetrics);
  });

  it('heads a step again where it goes on after another, by name alone', () => {
    const model = notebook(code('1', 'step:a'), code(), code('2', 'step:b'), code('3', 'step:a'));
    const headers = bandsOf(model, none, () => 'running').map(band => band?.header);
    expect([false, undefined, false, true]).toEqual(headers.map(header => header?.isContinued));
    expect(['running', null]).toEqual([headers[0]?.state, headers[3]?.state]);
  });

  it('tells metrics from the cells before and after them', () => {
    const model = notebook(code('1', 'step:a'), code('2', 'metrics'), code('3'), code('4'));
    const bands = bandsOf(model, none, () => null);
    expect([false, true, true, undefined]).toEqual(bands.map(band => band?.header?.isContinued));
    expect([false, true, false, false]).toEqual(bands.map(band => band?.isMetrics));
  });

  it('does not trust indexes of an answer about other cells', () => {
    const model = notebook(...content.cells);
    model.sharedModel.moveCell(3, 5);
    const bands = bandsOf(model, { ...pipeline, isOfTheseCells: false }, () => null);
    expect(['add', 'root', 'make']).toEqual(bands.slice(3, 6).map(band => band?.step));
    expect(['total']).toEqual(bands[3]?.header?.outputs);
  });
});

describe('coloursOf', () => {
  it('is stable by name, and tells neighbours apart', () => {
    const names = Array.from({ length: 60 }, (_, index) => `step-${index}`);
    const colours = names.map(name => coloursOf(names).get(name));
    expect(COLOURS).toEqual(new Set(colours.slice(20, 20 + COLOURS)).size);
    expect(coloursOf(['a']).get('a')).toEqual(coloursOf(['a', 'b', 'c']).get('a'));
  });
});
