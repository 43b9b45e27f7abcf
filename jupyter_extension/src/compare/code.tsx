/** Code by cell: changed cells as a diff, the others folded. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { CellChange, CodePart } from './comparison';

interface CodeProps {
  parts: readonly CodePart[];
  trans: TranslationBundle;
}

export function Code({ parts, trans }: CodeProps): ReactElement {
  const isSame = parts.every(part => part.kind === 'same');
  return (
    <section aria-label={trans.__('Code')}>
      <h3>{trans.__('Code')}</h3>
      {isSame && <p>{trans.__('Both ran the same code.')}</p>}
      {parts.map((part, index) =>
        part.kind === 'same' ? (
          <Same key={index} cells={part.cells} trans={trans} />
        ) : (
          <Changed key={index} change={part.change} trans={trans} />
        )
      )}
    </section>
  );
}

function Same({
  cells,
  trans
}: {
  cells: readonly { index: number; source: string }[];
  trans: TranslationBundle;
}): ReactElement {
  return (
    <details className="nb2pipe-Compare-same">
      <summary>{trans._n('%1 cell without a change', '%1 cells without a change', cells.length)}</summary>
      {cells.map(({ index, source }) => (
        <pre key={index} tabIndex={0} aria-label={trans.__('Cell %1', index + 1)}>
          {source}
        </pre>
      ))}
    </details>
  );
}

function Changed({ change, trans }: { change: CellChange; trans: TranslationBundle }): ReactElement {
  const title = titleOf(change, trans);
  return (
    <figure className="nb2pipe-Compare-cell">
      <figcaption>{title}</figcaption>
      <pre tabIndex={0} aria-label={title}>
        {change.diff.map((line, index) =>
          line.startsWith('@@') ? (
            index > 0 && (
              <span key={index} data-line="place">
                {'⋯\n'}
              </span>
            )
          ) : (
            <span key={index} data-line={lineKind(line)}>
              {`${line}\n`}
            </span>
          )
        )}
      </pre>
    </figure>
  );
}

function titleOf({ before, after, step }: CellChange, trans: TranslationBundle): string {
  if (before === null) {
    return trans.__('Step %1, cell %2: new', step, (after ?? 0) + 1);
  }
  if (after === null) {
    return trans.__('Step %1, cell %2 of the first run: gone', step, before + 1);
  }
  return before === after
    ? trans.__('Step %1, cell %2', step, after + 1)
    : trans.__('Step %1, cell %2 (was cell %3)', step, after + 1, before + 1);
}

function lineKind(line: string): 'added' | 'removed' | undefined {
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : undefined;
}
