/** The steps of a run as a table. */

import type { ReactElement } from 'react';

import { isFinal, type LiveStep } from '../run/liveSteps';
import { secondsSince, StateMark } from '../run/view';
import { durationText } from '../ui/words';
import type { StepsProps } from './view';

export function StepTable(props: StepsProps): ReactElement {
  const { model, trans } = props;
  return (
    <table className="nb2pipe-StepTable" aria-label={trans.__('Steps')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Step')}</th>
          <th scope="col">{trans.__('State')}</th>
          <th scope="col">{trans.__('Begun')}</th>
          <th scope="col">{trans.__('Took')}</th>
          <th scope="col">{trans.__('Cells')}</th>
          <th scope="col">{trans.__('Why')}</th>
        </tr>
      </thead>
      <tbody>
        {model.steps.map(step => (
          <Row key={step.step} step={step} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ step, model, now, trans }: StepsProps & { step: LiveStep }): ReactElement {
  const { shown } = model;
  const isChosen = shown.step?.step === step.step;
  const isGoing = step.state === 'running';
  const done = step.cells.filter(each => isFinal(each.state)).length;
  const began = step.started_at && new Date(step.started_at).toLocaleTimeString();
  const word = step.attempt > 1 ? trans.__('attempt %1', step.attempt) : '';
  return (
    <tr data-step={step.step} data-chosen={isChosen} onClick={() => shown.choose(step.step)}>
      <td>
        <button type="button" className="nb2pipe-Link" aria-pressed={isChosen}>
          {step.step}
        </button>
      </td>
      <td>
        <StateMark state={step.state} trans={trans} />
      </td>
      <td>{step.state === 'cached' ? '' : began}</td>
      <td>
        {step.state === 'cached'
          ? ''
          : durationText(isGoing ? secondsSince(step.started_at, now) : step.duration_s)}
      </td>
      <td>
        {step.state === 'cached' || step.started_at === null
          ? step.cells_total
          : trans.__('%1 of %2', done, step.cells_total)}
      </td>
      <td className="nb2pipe-StepTable-why" title={step.reason}>
        {[word, step.reason].filter(Boolean).join(' · ')}
      </td>
    </tr>
  );
}
