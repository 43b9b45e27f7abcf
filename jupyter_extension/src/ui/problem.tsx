/** What went wrong, and what to do. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { Action } from './action';

interface ProblemProps {
  /** Null where nothing is wrong: then nothing is drawn. */
  problem: { message: string; hint: string } | null;
  trans: TranslationBundle;
  /** What may go well another time. */
  again?: () => void;
}

export function Problem({ problem, trans, again }: ProblemProps): ReactElement | null {
  return problem ? (
    <div className="nb2pipe-Alert" role="alert">
      <strong>{problem.message}</strong>
      {problem.hint} {again && <Action onClick={again}>{trans.__('Try again')}</Action>}
    </div>
  ) : null;
}
