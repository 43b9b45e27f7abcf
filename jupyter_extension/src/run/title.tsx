/** The head of a run: its notebook, and its state. */

import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Run } from '../api/types';
import type { RunActions } from './view';

interface RunTitleProps {
  run: Run;
  actions: Pick<RunActions, 'openCell'>;
  trans: TranslationBundle;
  /** Shows the state. */
  children: ReactElement;
}

export function RunTitle({ run, actions, trans, children }: RunTitleProps): ReactElement {
  const { notebook, notebook_path } = run;
  const name = PathExt.basename(notebook ?? notebook_path);
  return (
    <div className="nb2pipe-Run-title">
      <h2 title={notebook_path}>
        {notebook === null ? (
          name
        ) : (
          <button
            className="nb2pipe-Link"
            title={trans.__('Open %1', notebook)}
            onClick={() => actions.openCell({ path: notebook, cellId: null })}
          >
            {name}
          </button>
        )}
      </h2>
      <span role="status">{children}</span>
    </div>
  );
}
