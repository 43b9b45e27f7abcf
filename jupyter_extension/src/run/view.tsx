/** A run: how it stands, its steps, and what one of them prints. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { useEffect, useState, type ReactElement } from 'react';

import type { Run, RunState } from '../api/types';
import { ApprovalView, type Decide } from './approval';
import { Failure } from './failure';
import { isFinal, isRepeatable, type LiveStep } from './liveSteps';
import { LogView } from './logView';
import type { Place } from './opening';
import type { ShownRun } from './shownRun';
import { RunTitle } from './title';
import { Action } from '../ui/action';
import { Problem } from '../ui/problem';
import { durationText, stateWord, timeText } from '../ui/words';

export interface RunActions {
  openCell: (place: Place) => void;
  cancel: (run: Run) => void;
  /** Run it again, from a step on if one is named. */
  repeat: (run: Run, step?: string) => void;
  decide: Decide;
  report: (run: Run) => void;
  /** Open all about it in the main area. */
  detail: (run: Run) => void;
  history: () => void;
}
export interface RunProps {
  shown: ShownRun;
  actions: RunActions;
  trans: TranslationBundle;
}

export function RunView({ shown, actions, trans }: RunProps): ReactElement {
  const live = shown.live;
  const run = live?.run ?? null;
  const now = useNow(run !== null && !isFinal(run.state));
  return (
    <>
      <Notices shown={shown} trans={trans} />
      {run && (
        <Head run={run} now={now} isRemoved={live?.isRemoved ?? false} actions={actions} trans={trans} />
      )}
      {live?.steps && live.steps.length > 0 && (
        <Steps steps={live.steps} shown={shown} now={now} trans={trans} />
      )}
      {run &&
        live?.steps?.map(step => (
          <ApprovalView key={`${run.id} ${step.step}`} {...{ run, step, trans }} decide={actions.decide} />
        ))}
      {run && shown.step && (
        <>
          {isRepeatable(run) && !live?.isRemoved && (
            <div className="nb2pipe-RunSteps-again">
              <Action
                title={trans.__('Run this step and all after it again; the steps before may be cached')}
                onClick={() => actions.repeat(run, shown.step?.step)}
              >
                {trans.__('Run again from “%1”', shown.step.step)}
              </Action>
            </div>
          )}
          <Failure run={run} step={shown.step} openCell={actions.openCell} trans={trans} />
          <LogView key={`${run.id} ${shown.step.step}`} step={shown.step} log={shown.log} trans={trans} />
        </>
      )}
    </>
  );
}

/** What stands between the run and what is shown of it. */
export function Notices({ shown, trans }: Pick<RunProps, 'shown' | 'trans'>): ReactElement {
  const { live } = shown;
  return (
    <>
      <Lost shown={shown} trans={trans} />
      {live?.isRemoved && (
        <p className="nb2pipe-Notice" role="status">
          {live.run
            ? trans.__('This run was removed. What was known of it is still shown here.')
            : trans.__('This run was removed.')}
        </p>
      )}
      <Problem problem={live && !live.isRemoved ? live.problem : null} trans={trans} />
    </>
  );
}

function Lost({ shown, trans }: Pick<RunProps, 'shown' | 'trans'>): ReactElement | null {
  return shown.isConnected ? null : (
    <p className="nb2pipe-Notice nb2pipe-mod-late" role="status">
      {trans.__(
        'The connection to the server is lost. This goes on by itself once it is back; runs go on meanwhile.'
      )}
    </p>
  );
}

/** A mark in the state's colour, and the state in words. */
export function StateMark({ state, trans }: { state: RunState; trans: TranslationBundle }): ReactElement {
  return (
    <span className="nb2pipe-State" data-state={state}>
      {stateWord(state, trans)}
    </span>
  );
}

interface HeadProps {
  run: Run;
  now: number;
  isRemoved: boolean;
  actions: RunActions;
  trans: TranslationBundle;
}

function Head({ run, now, isRemoved, actions, trans }: HeadProps): ReactElement {
  const isEnded = isFinal(run.state) || isRemoved;
  const seconds = isEnded ? run.duration_s : secondsSince(run.started_at, now);
  return (
    <header className="nb2pipe-Run-head">
      <RunTitle run={run} actions={actions} trans={trans}>
        <StateMark state={run.state} trans={trans} />
      </RunTitle>
      <div className="nb2pipe-Run-facts">
        {[
          run.target && trans.__('on %1', run.target),
          run.user,
          timeText(run.created_at),
          durationText(seconds)
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
      <Given values={run.parameters} trans={trans} />
      {run.message && <p className="nb2pipe-Run-message">{run.message}</p>}
      <div className="nb2pipe-Run-buttons">
        {!isEnded && <Action onClick={() => actions.cancel(run)}>{trans.__('Cancel')}</Action>}
        {isRepeatable(run) && !isRemoved && (
          <Action
            title={trans.__(
              'Run the notebook as it is saved now with these parameters; steps that are as before come from the cache'
            )}
            onClick={() => actions.repeat(run)}
          >
            {run.state === 'succeeded' ? trans.__('Run again') : trans.__('Run again what failed')}
          </Action>
        )}
        {isEnded && !isRemoved && <Action onClick={() => actions.report(run)}>{trans.__('Report')}</Action>}
        {!isRemoved && <Action onClick={() => actions.detail(run)}>{trans.__('Details')}</Action>}
        <Action onClick={actions.history}>{trans.__('All runs')}</Action>
      </div>
    </header>
  );
}

export function Given({
  values,
  trans
}: {
  values: Run['parameters'];
  trans: TranslationBundle;
}): ReactElement | null {
  const entries = Object.entries(values);
  return entries.length === 0 ? null : (
    <dl className="nb2pipe-Run-given" aria-label={trans.__('Parameters')}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface StepsProps {
  steps: readonly LiveStep[];
  shown: ShownRun;
  now: number;
  trans: TranslationBundle;
}

function Steps({ steps, shown, now, trans }: StepsProps): ReactElement {
  return (
    <section aria-label={trans.__('Steps')}>
      <h3 className="nb2pipe-Panel-section">{trans.__('Steps')}</h3>
      <ol className="nb2pipe-RunSteps">
        {steps.map(step => (
          <li key={step.step}>
            <button
              data-step={step.step}
              aria-pressed={shown.step?.step === step.step}
              title={step.reason || undefined}
              onClick={() => shown.choose(step.step)}
            >
              <span className="nb2pipe-RunSteps-name">{step.step}</span>
              <StateMark state={step.state} trans={trans} />
              <span className="nb2pipe-RunSteps-facts">{factsOf(step, now, trans)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function factsOf(step: LiveStep, now: number, trans: TranslationBundle): string {
  if (step.state === 'cached') {
    return ''; // nothing of it was run
  }
  const done = step.cells.filter(each => isFinal(each.state)).length;
  const isGoing = step.state === 'running';
  const seconds = isGoing ? secondsSince(step.started_at, now) : step.duration_s;
  const cells = trans.__('%1 of %2 cells', done, step.cells_total);
  const tries = step.attempt > 1 ? trans.__('attempt %1', step.attempt) : '';
  return [step.started_at && step.cells_total > 0 ? cells : '', durationText(seconds), tries]
    .filter(Boolean)
    .join(' · ');
}

export function secondsSince(start: string | null, now: number): number | null {
  return start === null ? null : Math.max(0, Math.floor((now - Date.parse(start)) / 1000));
}

/** Milliseconds, anew each second while it is wanted. */
export function useNow(isWanted: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isWanted) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isWanted]);
  return now;
}
