/** Why a step failed, and the way to its cell. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Run } from '../api/types';
import type { LiveStep } from './liveSteps';
import type { Place } from './opening';
import { plain } from './plain';

interface FailureProps {
  run: Run;
  step: LiveStep;
  openCell: (place: Place) => void;
  trans: TranslationBundle;
}

export function Failure({ run, step, openCell, trans }: FailureProps): ReactElement | null {
  const { failure } = step;
  if (!failure) {
    return null;
  }
  const { notebook } = run;
  const cellId = failure.cell_id;
  const message = plain(failure.message);
  const name = failure.name && !message.startsWith(failure.name) ? `${failure.name}: ` : '';
  return (
    <section className="nb2pipe-Alert nb2pipe-Failure" aria-label={trans.__('Failure of %1', step.step)}>
      <strong>
        {name}
        {message}
      </strong>
      {failure.hint && <div>{failure.hint}</div>}
      {failure.cell_index !== null && (
        <div className="nb2pipe-Failure-where">
          {failure.line === null
            ? trans.__('Cell %1', failure.cell_index + 1)
            : trans.__('Cell %1, line %2', failure.cell_index + 1, failure.line)}
        </div>
      )}
      {notebook !== null && cellId !== null && (
        <button
          className="jp-mod-styled jp-mod-minimal nb2pipe-Action"
          onClick={() => openCell({ path: notebook, cellId })}
        >
          {trans.__('Open the failed cell')}
        </button>
      )}
      {failure.traceback && (
        <details>
          <summary>{trans.__('Traceback')}</summary>
          <pre tabIndex={0}>{plain(failure.traceback)}</pre>
        </details>
      )}
    </section>
  );
}
