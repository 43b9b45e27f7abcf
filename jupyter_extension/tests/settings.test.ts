import { nullTranslator } from '@jupyterlab/translation';
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { beforeAll, describe, expect, it } from 'vitest';

import { fieldsOf, type Draft, type Field, type Fits } from '../src/settings/fields';
import { SettingsForm } from '../src/settings/form';
import { loadFits } from '../src/settings/schema';
import { targetOf } from '../src/settings/target';
import { applyCells, cellsOf } from '../src/tagging/cells';
import { sample } from './helpers/samples';
import { code, notebook } from './helpers/notebooks';

const trans = nullTranslator.load('nb2pipe');
const fields = fieldsOf(sample('step-settings') as JSONValue);
let fits: Fits;

beforeAll(async () => {
  fits = await loadFits();
});

function field(name: string): Field {
  const found = fields.find(each => each.name === name);
  expect(found).toBeDefined();
  return found as Field;
}

/** Type into a form, leave the field, and say what was written and what is wrong. */
function typed(
  value: JSONValue | undefined,
  name: string,
  draft: Draft
): [(JSONObject | undefined)[], string] {
  const written: (JSONObject | undefined)[] = [];
  const form = new SettingsForm({ fields, fits, value, write: each => written.push(each), trans });
  form.type(field(name), draft);
  form.commit(field(name));
  return [written, form.problem(field(name))];
}

describe('fieldsOf', () => {
  it('reads the kind of every setting out of the schema', () => {
    const kinds = Object.fromEntries(fields.map(each => [each.name, each.kind]));
    expect({
      image: 'text',
      cpus: 'text',
      cache: 'switch',
      env: 'pairs',
      secrets: 'references',
      volumes: 'list',
      approval: 'text'
    }).toEqual(
      Object.fromEntries(
        ['image', 'cpus', 'cache', 'env', 'secrets', 'volumes', 'approval'].map(name => [name, kinds[name]])
      )
    );
    expect(['env', 'file', 'engine', 'secret']).toEqual(field('secrets').places);
  });
});

describe('SettingsForm', () => {
  it.each<[string, Draft, JSONValue]>([
    ['image', ' python:3.12 ', 'python:3.12'],
    ['cpus', '0.5', 0.5],
    ['cpus', '500m', '500m'],
    ['memory_mib', '2Gi', '2Gi'],
    ['gpus', '1', 1],
    ['cache', 'false', false],
    ['approval', 'true', true],
    ['approval', 'May it go out?', 'May it go out?'],
    [
      'env',
      [
        ['MODE', 'fast'],
        ['', '']
      ],
      { MODE: 'fast' }
    ],
    ['secrets', [['KEY', 'env:MY_KEY']], { KEY: 'env:MY_KEY' }],
    ['volumes', '/data:/data:ro\n\n /x:/y ', ['/data:/data:ro', '/x:/y']]
  ])('writes %s from %j', (name, draft, value) => {
    expect([[{ own: 1, [name]: value }], '']).toEqual(typed({ own: 1 }, name, draft));
  });

  it.each<[string, Draft, string]>([
    ['image', 'two words', 'Name of a container image'],
    ['gpus', '-1', 'How many'],
    ['cpus', 'many', 'fractions'],
    ['retries', '1.5', 'attempts'],
    ['env', [['1X', 'a']], '“1X”'],
    [
      'env',
      [
        ['A', '1'],
        ['A', '2']
      ],
      'twice'
    ],
    ['env', [['', 'lost']], 'cannot'],
    ['secrets', [['KEY', 'hunter2']], '“KEY”'],
    ['volumes', '/data', 'SOURCE:TARGET']
  ])('says what is wrong with %s %j, and writes nothing', (name, draft, words) => {
    const [written, problem] = typed({}, name, draft);
    expect([]).toEqual(written);
    expect(problem).toContain(words);
  });

  it('repeats no secret that was put in the wrong place', () => {
    expect(typed({}, 'secrets', [['KEY', 'hunter2']])[1]).not.toContain('hunter2');
  });

  it('removes a setting that is emptied, and the key with the last one', () => {
    expect([[{ cpus: 1 }], '']).toEqual(typed({ image: 'a', cpus: 1 }, 'image', ''));
    expect([[undefined], '']).toEqual(typed({ image: 'a' }, 'image', ''));
  });

  it('writes nothing where nothing changed, and keeps the way a value was written', () => {
    expect([[], '']).toEqual(typed({ cpus: '2' }, 'cpus', '2'));
    const volume = { source: '/a', target: '/b', read_only: true };
    expect([[{ volumes: [volume, 'x:/y'] }], '']).toEqual(
      typed({ volumes: [volume] }, 'volumes', '/a:/b:ro\nx:/y')
    );
    expect([[{ env: { N: 1, M: 'x' } }], '']).toEqual(
      typed({ env: { N: 1 } }, 'env', [
        ['N', '1'],
        ['M', 'x']
      ])
    );
  });

  it('touches no metadata that is no object', () => {
    expect([[], '']).toEqual(typed('broken', 'image', 'a'));
  });

  it('keeps what is typed and not written when the notebook changes elsewhere', () => {
    const form = new SettingsForm({ fields, fits, value: {}, write: () => undefined, trans });
    form.type(field('gpus'), '-1');
    form.take({ image: 'b' });
    expect(['-1', 'b']).toEqual([form.draft(field('gpus')), form.draft(field('image'))]);
  });
});

describe('targetOf', () => {
  const first = { ...code('a = 1', 'step:one'), metadata: { tags: ['step:one'], nb2pipe: { cpus: 2 } } };
  const model = notebook(code('s', 'setup'), first, code('b'), code('c', 'skip'), code('d', 'step:two'));

  it('finds the first cell of the step, from any of its cells', () => {
    const found = targetOf(cellsOf(model), 2, trans);
    expect({ step: 'one', cellId: 'id-1', index: 1, settings: { cpus: 2 }, others: [] }).toEqual(found);
  });

  it('has a sentence for cells of no step', () => {
    expect([0, 3, 9].map(index => typeof targetOf(cellsOf(model), index, trans))).toEqual([
      'string',
      'string',
      'string'
    ]);
  });

  it('is written as one step of undo that touches nothing else', () => {
    const before = JSON.stringify(model.toJSON());
    const wanted = cellsOf(model).filter(cell => cell.id === 'id-1');
    applyCells(
      model,
      wanted.map(cell => ({ ...cell, settings: { cpus: 3 } }))
    );
    expect(before.replace('"cpus":2', '"cpus":3')).toEqual(JSON.stringify(model.toJSON()));
    model.sharedModel.undo();
    expect(before).toEqual(JSON.stringify(model.toJSON()));
  });
});
