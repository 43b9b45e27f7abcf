import { EditorState } from '@codemirror/state';
import { NotebookModel } from '@jupyterlab/notebook/lib/model';
import { describe, expect, it } from 'vitest';

import type { Diagnostic } from '../src/api/types';
import { CellFindings } from '../src/graph/cellFindings';
import { findingsAt, marksOf } from '../src/graph/underlines';
import { checked } from './helpers/samples';

const finding = (changes: Partial<Diagnostic>): Diagnostic => ({
  code: 'N2P201',
  severity: 'error',
  message: 'm',
  hint: 'h',
  cell_index: 4,
  cell_id: 'id-4',
  line: 1,
  step: null,
  location: '',
  ...changes
});

const ranges = (text: string, findings: Diagnostic[]): string[] => {
  const state = EditorState.create({ doc: text });
  const found: string[] = [];
  marksOf(findings, state).between(0, text.length, (from, to) => void found.push(text.slice(from, to)));
  return found;
};

describe('marksOf', () => {
  it('marks the text of the line, the first line for a whole cell, and nothing where there is no text', () => {
    const text = 'x = 1\n  y = 2  \n';
    expect(['y = 2']).toEqual(ranges(text, [finding({ line: 2 })]));
    expect(['x = 1']).toEqual(ranges(text, [finding({ line: null })]));
    expect([]).toEqual(ranges(text, [finding({ line: 3 })]));
    expect(['y = 2']).toEqual(ranges('x\ny = 2', [finding({ line: 99 })]));
    expect([]).toEqual(ranges('', [finding({})]));
  });

  it('finds all of a place, worst first', () => {
    const state = EditorState.create({ doc: 'x = 1' });
    const both = [finding({ severity: 'info', message: 'note' }), finding({ message: 'fault' })];
    const found = findingsAt(marksOf(both, state), 2);
    expect(['fault', 'note']).toEqual(found.map(each => each.message));
  });
});

describe('CellFindings', () => {
  it('tells of the cells whose findings changed, by id, and of none twice', () => {
    const notebook = new NotebookModel();
    notebook.fromJSON(checked('check-three-steps').notebook);
    const findings = new CellFindings();
    const changed: unknown[] = [];
    findings.changed.connect((_, cell) => changed.push(cell));
    const fault = finding({ cell_id: 'id-5' });
    findings.set(notebook, [fault, finding({ cell_id: null, cell_index: null })]);
    findings.set(notebook, [fault]);
    const cell = notebook.cells.get(5).sharedModel;
    expect([[cell], [fault]]).toEqual([changed, findings.of(cell)]);
    findings.set(notebook, []);
    expect([2, []]).toEqual([changed.length, findings.of(cell)]);
  });
});
