import type { NotebookModel } from '@jupyterlab/notebook/lib/model';
import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { applyCells, cellsOf } from '../src/tagging/cells';
import { Refusal, TagEdit } from '../src/tagging/edit';
import { nameProblem, readTags, renamedTag } from '../src/tagging/grammar';
import { answeredPlaces, placesOf } from '../src/tagging/layout';
import { checked } from './helpers/samples';
import { code, notebook } from './helpers/notebooks';

const trans = nullTranslator.load('nb2pipe');
const text = { cell_type: 'markdown', source: '# Load', metadata: { tags: ['step:no'] } };

/** Make an edit and write it. */
function edited(model: NotebookModel, change: (edit: TagEdit) => void): string[][] {
  const edit = new TagEdit(cellsOf(model), trans);
  change(edit);
  applyCells(model, edit.cells);
  return tagsOf(model);
}

function tagsOf(model: NotebookModel): string[][] {
  return cellsOf(model).map(cell => [...cell.tags]);
}

function refusal(model: NotebookModel, change: (edit: TagEdit) => void): string {
  try {
    edited(model, change);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return (error as Refusal).message;
  }
  return '';
}

describe('readTags', () => {
  it.each([
    [[], null, null],
    [['step:load', 'mine'], null, 'load'],
    [['block:load'], null, 'load'],
    [['step: load '], null, 'load'],
    [['step:cafe\u0301'], null, 'caf\u00e9'],
    [['step:not legal'], null, null],
    [['block:'], null, null],
    [['functions'], 'setup', null],
    [['setup', 'parameters'], 'parameters', null],
    [['step:a', 'skip'], 'skip', null],
    [['pipeline-metrics'], 'metrics', null],
    [['Setup', 'steps:a'], null, null]
  ])('%j', (tags, role, step) => {
    expect({ role, step }).toEqual(readTags(tags));
  });
});

describe('placesOf', () => {
  it('gives cells to steps as the service does', () => {
    const { notebook: content, answer } = checked('check-three-steps');
    const places = placesOf(cellsOf(notebook(...content.cells)));
    const found = answer.pipeline?.steps.map(step => [
      step.name,
      places.flatMap((place, index) => (place?.step === step.name ? [index] : []))
    ]);
    expect(answer.pipeline?.steps.map(step => [step.name, step.cells])).toEqual(found);
  });

  it('has a step of its own for code before the first tag, and lets roles be of none', () => {
    const cells = cellsOf(
      notebook(text, code(''), code(), code('1', 'setup'), code(), code('2', 'step:a'), code('3', 'metrics'))
    );
    const places = placesOf(cells);
    expect([undefined, undefined, 'start', '', 'start', 'a', 'a']).toEqual(places.map(place => place?.step));
    expect('setup').toEqual(places[3]?.kind);
    expect([false, true]).toEqual(places.slice(5).map(place => place?.isMetrics));
  });

  it('follows the service where that knows better', () => {
    const { notebook: content, answer } = checked('check-three-steps');
    const places = placesOf(cellsOf(notebook(...content.cells)));
    const pipeline = answer.pipeline;
    const first = pipeline?.steps[0];
    if (!pipeline || !first) {
      throw new Error('the sample has no steps');
    }
    const other = { ...pipeline, steps: [{ ...first, name: 'other' }] };
    expect('other').toEqual(answeredPlaces(places, other)[first.cells[0] ?? -1]?.step);
  });
});

describe('TagEdit', () => {
  it('starts a step in place of role and step, and leaves tags of others where they are', () => {
    const model = notebook(code('1', 'mine', 'step:a', 'after:z', 'other'), code('2', 'skip', 'mine'));
    expect([
      ['mine', 'step:b', 'after:z', 'other'],
      ['mine', 'step:c']
    ]).toEqual(
      edited(model, edit => {
        edit.startStep(0, 'b');
        edit.startStep(1, 'c');
      })
    );
  });

  it('changes nothing else, and is one step of undo', () => {
    const model = notebook(code('1', 'step:a'), code('2', 'mine'), code('3', 'step:b', 'after:a'));
    const before = model.toJSON();
    edited(model, edit => edit.startStep(1, 'x'));
    edited(model, edit => edit.rename('a', 'z'));
    expect([['step:z'], ['mine', 'step:x'], ['step:b', 'after:z']]).toEqual(tagsOf(model));
    model.sharedModel.undo();
    expect([['step:a'], ['mine', 'step:x'], ['step:b', 'after:a']]).toEqual(tagsOf(model));
    model.sharedModel.undo();
    expect(before).toEqual(model.toJSON());
    model.sharedModel.redo();
    expect(['mine', 'step:x']).toEqual(tagsOf(model)[1]);
  });

  it('is not joined with an edit just before it', () => {
    const model = notebook(code('1'));
    model.sharedModel.insertCell(1, { cell_type: 'code', source: 'new' });
    edited(model, edit => edit.startStep(0, 'a'));
    model.sharedModel.undo();
    expect([2, []]).toEqual([model.cells.length, tagsOf(model)[0]]);
  });

  it('joins the step before with all that belonged to it', () => {
    const model = notebook(code('1', 'step:a'), code('2', 'step:b', 'after:x', 'image:p', 'mine'), code('3'));
    model.cells.get(1).setMetadata('nb2pipe', { cpus: 2 });
    expect([['step:a'], ['mine'], []]).toEqual(edited(model, edit => edit.joinPrevious(1)));
    expect(undefined).toEqual(model.cells.get(1).getMetadata('nb2pipe'));
    expect('The cell already belongs to the step before it.').toEqual(
      refusal(model, edit => edit.joinPrevious(2))
    );
    expect('There is no step before this cell.').toEqual(refusal(model, edit => edit.joinPrevious(0)));
  });

  it('hands the step to the next cell where its first becomes something else', () => {
    const model = notebook(code('1', 'step:a', 'after:x', 'mine'), code('2'), code('3'), code('4', 'step:b'));
    model.cells.get(0).setMetadata('nb2pipe', { cpus: 2 });
    const both = (edit: TagEdit) => [0, 1].forEach(index => edit.setRole(index, 'setup'));
    expect([['mine', 'setup'], ['setup'], ['step:a', 'after:x'], ['step:b']]).toEqual(edited(model, both));
    expect({ cpus: 2 }).toEqual(model.cells.get(2).getMetadata('nb2pipe'));
    expect(['skip']).toEqual(edited(model, edit => edit.setRole(3, 'skip'))[3]);
  });

  it('makes metrics of a later cell only', () => {
    const model = notebook(code('1', 'step:a'), code('2', 'setup'));
    expect(['metrics']).toEqual(edited(model, edit => edit.setRole(1, 'metrics'))[1]);
    expect('The cell begins step “a”. Only a later cell can be its metrics.').toEqual(
      refusal(model, edit => edit.setRole(0, 'metrics'))
    );
    expect('Cell 2 holds metrics, and cannot begin a step.').toEqual(
      refusal(model, edit => edit.setRole(0, 'skip'))
    );
    expect([['step:a'], ['metrics']]).toEqual(tagsOf(model));
  });

  it('moves a boundary up and down past cells of no step', () => {
    const cells = [
      code('1', 'step:a'),
      code('2'),
      code('3', 'setup'),
      code('4', 'block:b', 'prev:a'),
      code('5')
    ];
    const model = notebook(...cells);
    const up = edited(model, edit => edit.moveBoundaryUp(4));
    expect([['step:a'], ['block:b', 'prev:a'], ['setup'], [], []]).toEqual(up);
    expect('Step “a” would be left without cells.').toEqual(refusal(model, edit => edit.moveBoundaryUp(4)));
    edited(model, edit => edit.moveBoundaryDown(1));
    const down = edited(model, edit => edit.moveBoundaryDown(3));
    expect([['step:a'], [], ['setup'], [], ['block:b', 'prev:a']]).toEqual(down);
    expect('Step “b” would be left without cells.').toEqual(refusal(model, edit => edit.moveBoundaryDown(4)));
    expect('The cell is in no step.').toEqual(refusal(model, edit => edit.moveBoundaryUp(2)));
    expect('There is no cell above that this step could take.').toEqual(
      refusal(model, edit => edit.moveBoundaryUp(0))
    );
  });

  it('renames a step in every tag that names it, in the grammar of each', () => {
    const model = notebook(
      code('1', 'block:a', 'a'),
      code('2', 'step:b', 'prev:x:a', 'after:a'),
      code('3', 'step:a'),
      code('4', 'step:aa', 'after:aa')
    );
    expect([
      ['block:n', 'a'],
      ['step:b', 'prev:x:n', 'after:n'],
      ['step:n'],
      ['step:aa', 'after:aa']
    ]).toEqual(edited(model, edit => edit.rename('a', 'n')));
    expect('There is a step “b” already.').toEqual(refusal(model, edit => edit.rename('n', 'b')));
  });

  it('names the cells before the first tag', () => {
    const model = notebook(code('1', 'setup'), code('2'), code('3', 'step:b', 'after:start'));
    expect([['setup'], ['step:load'], ['step:b', 'after:load']]).toEqual(
      edited(model, edit => edit.rename('start', 'load'))
    );
  });

  it('clears what is of nb2pipe, and refuses cells that are no code', () => {
    const model = notebook(text, code('1', 'step:a', 'limit:cpu:1', 'mine', 'raises-exception'));
    expect([['step:no'], ['mine', 'raises-exception']]).toEqual(edited(model, edit => edit.clear(1)));
    expect('Only code cells are part of a pipeline.').toEqual(refusal(model, edit => edit.startStep(0, 'a')));
  });
});

describe('names', () => {
  it.each([
    ['load-data_2', ''],
    ['größe', ''],
    ['', 'A step needs a name.'],
    ['a b', 'A name has no blanks. Use letters, digits, - and _.'],
    ['<script>', '“<” cannot be in a name. Use letters, digits, - and _.'],
    ['x'.repeat(101), 'The name is longer than 100 characters.']
  ])('%j', (name, problem) => {
    expect(problem).toEqual(nameProblem(name, trans));
  });

  it('are found in whole parts of tags only', () => {
    expect(['prev:b:aa', 'image:a', 'a']).toEqual(
      ['prev:a:aa', 'image:a', 'a'].map(tag => renamedTag(tag, 'a', 'b'))
    );
  });
});
