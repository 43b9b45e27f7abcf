/** Findings underlined in the editor of their cell, with what they say where the pointer rests. */

import { type EditorState, type Extension, type Range, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, hoverTooltip, ViewPlugin } from '@codemirror/view';

import type { Diagnostic } from '../api/types';
import type { CellFindings, CellText } from './cellFindings';

/** Least severe first, so that worse ones lie over them. */
const SEVERITIES: readonly Diagnostic['severity'][] = ['info', 'warning', 'error'];

const setMarks = StateEffect.define<DecorationSet>();

/** An extension for the editor of one cell. */
export function underlines(findings: CellFindings, cell: CellText): Extension {
  const field = StateField.define<DecorationSet>({
    create: state => marksOf(findings.of(cell), state),
    update: (marks, transaction) => {
      const set = transaction.effects.find(effect => effect.is(setMarks));
      return set?.is(setMarks) ? set.value : marks.map(transaction.changes);
    },
    provide: own => EditorView.decorations.from(own)
  });
  const listener = ViewPlugin.define(view => {
    const onChange = (_: unknown, changed: CellText): void => {
      if (changed === cell) {
        view.dispatch({ effects: setMarks.of(marksOf(findings.of(cell), view.state)) });
      }
    };
    findings.changed.connect(onChange);
    return { destroy: () => void findings.changed.disconnect(onChange) };
  });
  return [field, listener, tooltips(field)];
}

/** Each finding under the text of its line; under the first line where it is of the whole cell. */
export function marksOf(findings: readonly Diagnostic[], { doc }: EditorState): DecorationSet {
  const marks: Range<Decoration>[] = [];
  for (const finding of findings) {
    const line = doc.line(Math.min(Math.max(finding.line ?? 1, 1), doc.lines));
    const text = line.text.trim();
    const from = line.from + line.text.indexOf(text);
    if (text !== '') {
      marks.push(
        Decoration.mark({
          class: `nb2pipe-Underline nb2pipe-mod-${finding.severity}`,
          finding,
          rank: SEVERITIES.indexOf(finding.severity)
        }).range(from, from + text.length)
      );
    }
  }
  return Decoration.set(marks, true);
}

/** The findings whose mark has this position in it; worst first. */
export function findingsAt(marks: DecorationSet, position: number): Diagnostic[] {
  const found: Diagnostic[] = [];
  marks.between(position, position, (_from, _to, mark) => {
    const { finding } = mark.spec as { finding?: Diagnostic };
    if (finding) {
      found.push(finding);
    }
  });
  return found.sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
}

function tooltips(field: StateField<DecorationSet>): Extension {
  return hoverTooltip((view, position) => {
    const findings = findingsAt(view.state.field(field), position);
    return findings.length === 0
      ? null
      : { pos: position, above: true, create: () => ({ dom: told(findings) }) };
  });
}

function told(findings: readonly Diagnostic[]): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'nb2pipe-Tooltip';
  for (const { message, hint, severity } of findings) {
    const part = document.createElement('div');
    part.dataset['severity'] = severity;
    part.textContent = message;
    const mend = document.createElement('div');
    mend.className = 'nb2pipe-Tooltip-hint';
    mend.textContent = hint;
    part.append(mend);
    dom.append(part);
  }
  return dom;
}
