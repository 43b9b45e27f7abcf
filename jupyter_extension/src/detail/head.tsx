/** What a run is, and what one can do with it. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Run } from '../api/types';
import { isFinal, isRepeatable } from '../run/liveSteps';
import { RunTitle } from '../run/title';
import { Given, secondsSince, StateMark } from '../run/view';
import { Action } from '../ui/action';
import { durationText, timeText } from '../ui/words';
import type { DetailModel } from './model';
import type { DetailActions } from './view';
import { shortId } from './words';

interface HeadProps {
  model: DetailModel;
  run: Run;
  now: number;
  actions: DetailActions;
  trans: TranslationBundle;
}

export function Head(props: HeadProps): ReactElement {
  const { model, run, actions, trans } = props;
  return (
    <header className="nb2pipe-Run-head nb2pipe-RunDetail-head">
      <RunTitle run={run} actions={actions} trans={trans}>
        <StateMark state={run.state} trans={trans} />
      </RunTitle>
      <Facts {...props} />
      {model.cachedFrom.length > 0 && (
        <p className="nb2pipe-Run-facts">
          {trans.__('Results taken from')}{' '}
          {model.cachedFrom.map(id => (
            <button key={id} className="nb2pipe-Link" title={id} onClick={() => actions.openRun(id)}>
              {trans.__('run %1', shortId(id))}
            </button>
          ))}
        </p>
      )}
      <Given values={run.parameters} trans={trans} />
      {run.message && <p className="nb2pipe-Run-message">{run.message}</p>}
      <Buttons {...props} />
    </header>
  );
}

function Facts({ run, now, trans }: HeadProps): ReactElement {
  const seconds = isFinal(run.state) ? run.duration_s : secondsSince(run.started_at, now);
  const facts = [
    run.schedule_id ? trans.__('by a schedule of %1', run.user) : trans.__('by %1', run.user),
    timeText(run.created_at),
    durationText(seconds),
    run.target ? trans.__('on %1', run.target) : trans.__('executor %1', run.executor),
    run.id
  ];
  return <div className="nb2pipe-Run-facts">{facts.filter(Boolean).join(' · ')}</div>;
}

function Buttons({ model, run, actions, trans }: HeadProps): ReactElement {
  const isRemoved = model.shown.live?.isRemoved ?? false;
  const isEnded = isFinal(run.state) || isRemoved;
  return (
    <div className="nb2pipe-Run-buttons">
      {!isEnded && <Action onClick={() => actions.cancel(run)}>{trans.__('Cancel')}</Action>}
      {isRepeatable(run) && (
        <Action
          title={trans.__(
            'Run the notebook as it is saved now with these parameters; steps that are as before come from the cache'
          )}
          onClick={() => actions.repeat(run)}
        >
          {trans.__('Run again')}
        </Action>
      )}
      {isEnded && !isRemoved && (
        <>
          <Action
            title={trans.__('Look at the notebook as the run left it, beside what is open')}
            onClick={() => actions.executed(run)}
          >
            {trans.__('Executed notebook')}
          </Action>
          {run.notebook !== null && (
            <Action
              title={trans.__(
                'Cells that are still the same get what they put out in this run; one undo takes it back'
              )}
              onClick={() => actions.copyOutputs(run)}
            >
              {trans.__('Copy outputs into the notebook')}
            </Action>
          )}
          <Action onClick={() => actions.report(run)}>{trans.__('Report')}</Action>
        </>
      )}
      <Action onClick={actions.history}>{trans.__('All runs')}</Action>
    </div>
  );
}
