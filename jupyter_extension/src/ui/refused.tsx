/** Why something was not taken, or would not be. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Diagnostic } from '../api/types';
import type { Refusal } from './sendDialog';
import { findingText } from './words';

/** The side panel lists them all. */
const MOST_FINDINGS = 5;

interface RefusedProps {
  problem: Refusal | null;
  /** What would be wrong with the notebook if it were sent. */
  findings: readonly Diagnostic[];
  trans: TranslationBundle;
}

export function Refused({ problem, findings, trans }: RefusedProps): ReactElement | null {
  const found = problem?.findings ?? findings;
  if (!problem && found.length === 0) {
    return null;
  }
  return (
    <div className="nb2pipe-Alert" role="alert">
      <strong>{problem?.message ?? trans.__('This notebook would be refused:')}</strong>
      {problem?.hint}
      {found.length > 0 && (
        <ul>
          {found.slice(0, MOST_FINDINGS).map((each, index) => (
            <li key={index}>
              {each.location}: {findingText(each)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
