import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import type { Parameter } from '../src/api/types';
import { bodyOf, RunForm } from '../src/run/formModel';
import { fieldOf, readField } from '../src/run/parameters';
import { plain } from '../src/run/plain';

const trans = nullTranslator.load('nb2pipe');
const parameter = (name: string, type: Parameter['type'], value: unknown): Parameter => ({
  name,
  type,
  default: value,
  help: '',
  cell_index: 0,
  line: 1,
  nullable: false
});
const PARAMETERS = [parameter('rows', 'int', 3), parameter('name', 'str', 'x'), parameter('xs', 'list', [1])];
const formOf = (values: Partial<ConstructorParameters<typeof RunForm>[0]> = {}): RunForm =>
  new RunForm({
    parameters: PARAMETERS,
    findings: [],
    isDirty: true,
    isChangedElsewhere: false,
    isWritable: true,
    targets: [],
    trans,
    ...values
  });

describe('readField', () => {
  it.each<[Parameter['type'], string, unknown]>([
    ['int', ' -7 ', -7],
    ['float', '1e-3', 0.001],
    ['float', '.5', 0.5],
    ['str', ' 7 ', ' 7 '],
    ['bool', 'true', true],
    ['list', '["a"]', ['a']],
    ['dict', '{"a": null}', { a: null }],
    ['any', '', null],
    ['any', '"7"', '7']
  ])('reads %s %j', (type, text, value) => {
    expect({ value }).toEqual(readField({ type }, { text, isNone: false }, trans));
  });

  it.each<[Parameter['type'], string]>([
    ['int', '1.5'],
    ['int', ''],
    ['int', '12345678901234567890'],
    ['float', 'nan'],
    ['float', '0x10'],
    ['list', '{}'],
    ['dict', '[]'],
    ['dict', '{'],
    ['any', 'word']
  ])('refuses %s %j', (type, text) => {
    expect('').not.toBe(readField({ type }, { text, isNone: false }, trans).problem ?? '');
  });

  it('gives every default back as it was', () => {
    for (const [type, value] of [
      ['int', 3],
      ['float', 0.1],
      ['str', 'a "b"\n'],
      ['bool', false],
      ['list', []],
      ['dict', { a: [1] }],
      ['str', null],
      ['any', null],
      ['any', 'text']
    ] as [Parameter['type'], unknown][]) {
      expect({ value }).toEqual(readField({ type }, fieldOf(type, value), trans));
    }
  });
});

describe('RunForm', () => {
  it('sends only what differs from the notebook, and the settings that were chosen', () => {
    const form = formOf();
    expect({ path: 'n.ipynb', parameters: {}, settings: {} }).toEqual(bodyOf('n.ipynb', form.chosen()));
    form.setField('rows', { text: '4' });
    form.set({ executor: 'process', jobs: '2', isCached: false, source: 'editor', target: '' });
    expect({
      path: 'n.ipynb',
      text: '{}',
      parameters: { rows: 4 },
      settings: { executor: 'process', jobs: 2, cache: false }
    }).toEqual(bodyOf('n.ipynb', form.chosen(), '{}'));
  });

  it('is valid only where all of it is', () => {
    const form = formOf();
    form.setField('rows', { text: 'x' });
    expect(false).toBe(form.isValid);
    form.setField('rows', { text: '1' });
    form.set({ jobs: '0' });
    expect(false).toBe(form.isValid);
    form.set({ jobs: '' });
    expect(true).toBe(form.isValid);
  });

  it('begins with the values of the last time, without parameters that are gone', () => {
    const last = {
      parameters: { rows: 9, gone: 1 },
      executor: '',
      jobs: '3',
      isCached: false,
      source: 'editor',
      target: ''
    } as const;
    expect({ ...last, parameters: { rows: 9 } }).toEqual(formOf({ last }).chosen());
  });

  it('does not offer to save what cannot be written', () => {
    expect('editor').toBe(formOf({ isWritable: false }).values.source);
  });
});

describe('plain', () => {
  it('leaves out escape sequences, and what a line showed before', () => {
    expect('red <b>\nlink\n100%\ndone\n').toBe(
      plain('\u001b[31mred <b>\u001b[0m\n\u001b]8;;http://x\u0007link\u001b]8;;\u0007\r\n 5%\r100%\ndone\n')
    );
  });
});
