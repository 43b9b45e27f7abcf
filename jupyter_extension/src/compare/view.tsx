/** What differs between two runs. */

import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Run } from '../api/types';
import { StateMark } from '../run/view';
import { Action } from '../ui/action';
import { Problem } from '../ui/problem';
import { durationText, timeText } from '../ui/words';
import { Code } from './code';
import type { CompareModel } from './model';
import { Metrics, Parameters, Steps, Surroundings } from './tables';

export interface CompareProps {
  model: CompareModel;
  showRun: (id: string) => void;
  trans: TranslationBundle;
}

export function CompareView({ model, showRun, trans }: CompareProps): ReactElement {
  const { comparison, problem } = model;
  return (
    <>
      <Problem problem={problem} trans={trans} again={() => void model.refresh()} />
      {!comparison && !problem && <p role="status">{trans.__('Reading…')}</p>}
      {comparison && (
        <>
          <header className="nb2pipe-Compare-head">
            <Head name={trans.__('First')} run={comparison.before.run} showRun={showRun} trans={trans} />
            <Action onClick={() => void model.swap()}>{trans.__('Swap')}</Action>
            <Head name={trans.__('Second')} run={comparison.after.run} showRun={showRun} trans={trans} />
          </header>
          {comparison.diff.is_same && (
            <p role="status">
              {trans.__('Nothing differs that was recorded of both, but the time that they took.')}
            </p>
          )}
          <Metrics comparison={comparison} trans={trans} />
          <Parameters comparison={comparison} trans={trans} />
          <Code parts={comparison.code} trans={trans} />
          <Steps comparison={comparison} trans={trans} />
          <Surroundings comparison={comparison} trans={trans} />
        </>
      )}
    </>
  );
}

interface HeadProps {
  name: string;
  run: Run;
  showRun: (id: string) => void;
  trans: TranslationBundle;
}

function Head({ name, run, showRun, trans }: HeadProps): ReactElement {
  return (
    <div>
      <strong>{name}</strong> <StateMark state={run.state} trans={trans} />
      <div>
        <button
          className="nb2pipe-Link"
          title={trans.__('Show run %1', run.id)}
          onClick={() => showRun(run.id)}
        >
          {PathExt.basename(run.notebook ?? run.notebook_path)} · {run.id}
        </button>
      </div>
      <div className="nb2pipe-Run-facts">
        {[run.user, timeText(run.created_at), durationText(run.duration_s)].filter(Boolean).join(' · ')}
      </div>
    </div>
  );
}
