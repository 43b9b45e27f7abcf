import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { applyCells, cellsOf } from '../src/tagging/cells';
import { scrollBy } from '../src/tagging/drag';
import { boundaryTargets, TagEdit } from '../src/tagging/edit';
import { code, notebook } from './helpers/notebooks';

const trans = nullTranslator.load('nb2pipe');
const text = { cell_type: 'markdown', source: '# Two', metadata: {} };

function made(): ReturnType<typeof notebook> {
  const two = {
    ...code('d', 'step:two', 'after:one'),
    metadata: { tags: ['step:two', 'after:one'], nb2pipe: { cpus: 1 } }
  };
  return notebook(
    code('a', 'step:one'),
    code('b'),
    text,
    code('s', 'skip'),
    two,
    code('e'),
    code('f'),
    code('g', 'step:three')
  );
}

describe('boundaryTargets', () => {
  it('are the cells that leave each step one of its own', () => {
    expect([1, 4, 5, 6]).toEqual(boundaryTargets(cellsOf(made()), 4, trans));
    expect([0, 1]).toEqual(boundaryTargets(cellsOf(made()), 0, trans));
    expect([5, 6, 7]).toEqual(boundaryTargets(cellsOf(made()), 7, trans));
  });
});

describe('moveBoundaryTo', () => {
  it.each([1, 5, 6])('takes all tags and settings of the step along to cell %i, as one step of undo', to => {
    const model = made();
    const before = JSON.stringify(model.toJSON());
    const edit = new TagEdit(cellsOf(model), trans);
    edit.moveBoundaryTo(4, to);
    applyCells(model, edit.cells);
    const holders = cellsOf(model).flatMap((cell, index) => (cell.settings === undefined ? [] : [index]));
    expect([[to], ['step:two', 'after:one']]).toEqual([holders, cellsOf(model)[to]?.tags]);
    model.sharedModel.undo();
    expect(before).toEqual(JSON.stringify(model.toJSON()));
  });
});

describe('scrollBy', () => {
  it.each([
    [500, 0],
    [1000, 16],
    [976, 8],
    [124, -8],
    [-50, -16]
  ])('at %i scrolls by %i', (y, pixels) => {
    expect(pixels).toEqual(scrollBy(y, { top: 100, bottom: 1000 }));
  });
});
