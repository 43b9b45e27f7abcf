/** The question of a step that waits for a person, and who decided what about it. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { useState, type ReactElement } from 'react';

import { ApiError } from '../api/errors';
import type { Run } from '../api/types';
import { timeText } from '../ui/words';
import type { LiveStep } from './liveSteps';

export type Decide = (run: string, step: string, isApproved: boolean, why: string) => Promise<void>;
interface ApprovalProps {
  run: Run;
  step: LiveStep;
  decide: Decide;
  trans: TranslationBundle;
}

export function ApprovalView(props: ApprovalProps): ReactElement | null {
  const { approval, state } = props.step;
  if (!approval) {
    return null;
  }
  return approval.verdict === null && state === 'waiting' ? <Question {...props} /> : <Decision {...props} />;
}

function Question({ run, step, decide, trans }: ApprovalProps): ReactElement {
  const [why, setWhy] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const id = `nb2pipe-why-${step.step}`;
  const send = async (isApproved: boolean): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      await decide(run.id, step.step, isApproved, why.trim());
    } catch (error) {
      setProblem(error instanceof ApiError ? error.text : String(error));
    }
    setBusy(false);
  };
  const isMissing = why.trim() === '';
  const buttons = [
    [true, trans.__('Approve'), 'jp-mod-accept'],
    [false, trans.__('Reject'), 'jp-mod-warn']
  ] as const;
  return (
    <section
      className="nb2pipe-Approval"
      aria-label={trans.__('Approval of %1', step.step)}
      aria-busy={isBusy}
    >
      <strong>{trans.__('Step %1 waits for you', step.step)}</strong>
      <p>{step.approval?.question}</p>
      {step.approval?.expires_at && (
        <p className="nb2pipe-Form-help">{trans.__('Open until %1', timeText(step.approval.expires_at))}</p>
      )}
      <label htmlFor={id}>{trans.__('Reason, kept with the run')}</label>
      <textarea
        id={id}
        className="jp-mod-styled"
        rows={2}
        maxLength={2000}
        value={why}
        onChange={event => setWhy(event.target.value)}
      />
      <div className="nb2pipe-Form-problem" role="alert">
        {problem}
      </div>
      <div className="nb2pipe-Run-buttons">
        {buttons.map(([isApproved, label, kind]) => (
          <button
            key={kind}
            className={`jp-mod-styled ${kind}`}
            disabled={isBusy || isMissing}
            title={isMissing ? trans.__('Say why first') : undefined}
            onClick={() => void send(isApproved)}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}

function Decision({ step, trans }: ApprovalProps): ReactElement | null {
  const { approval } = step;
  if (!approval || approval.verdict === null) {
    return null;
  }
  const { verdict, user, why, decided_at: at, question } = approval;
  const words = {
    approved: trans.__('Step %1 was approved by %2', step.step, user),
    rejected: trans.__('Step %1 was rejected by %2', step.step, user),
    timed_out: trans.__('Nobody decided about step %1 in time', step.step)
  };
  return (
    <section
      className="nb2pipe-Approval"
      data-verdict={verdict}
      aria-label={trans.__('Approval of %1', step.step)}
    >
      <strong>{words[verdict]}</strong>
      <p>{question}</p>
      {why && <p>“{why}”</p>}
      {at && <p className="nb2pipe-Form-help">{timeText(at)}</p>}
    </section>
  );
}
