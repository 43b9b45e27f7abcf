/** One row a step: when it waited, and when it ran. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { CSSProperties, ReactElement } from 'react';

import { Legend } from '../ui/legend';
import { durationText, stateWord } from '../ui/words';
import { timelineOf, type Span, type Timeline, type TimelineRow } from './timeline';
import type { StepsProps } from './view';

export function TimelineView({ model, now, trans }: StepsProps): ReactElement {
  const { run, shown, steps, pipeline } = model;
  const timeline = timelineOf(steps, pipeline?.edges ?? null, run?.started_at ?? null, now);
  return (
    <div className="nb2pipe-Timeline">
      <Axis timeline={timeline} />
      <ol aria-label={trans.__('Timeline of the steps')}>
        {timeline.rows.map(row => (
          <Row
            key={row.step.step}
            row={row}
            timeline={timeline}
            isChosen={shown.step?.step === row.step.step}
            choose={() => shown.choose(row.step.step)}
            trans={trans}
          />
        ))}
      </ol>
      <Legend
        states={timeline.rows.flatMap(({ step, work }) => (work ? [step.state] : []))}
        mark={state => <span className="nb2pipe-Timeline-work" data-state={state} />}
        trans={trans}
      >
        {timeline.rows.some(row => row.wait) && (
          <li>
            <span className="nb2pipe-Timeline-wait" />
            {trans.__('waited for its turn')}
          </li>
        )}
      </Legend>
    </div>
  );
}

function Axis({ timeline }: { timeline: Timeline }): ReactElement {
  return (
    <div className="nb2pipe-Timeline-axis" aria-hidden="true">
      <div>
        {timeline.ticks.map(tick => (
          <span key={tick} style={{ left: `${(100 * tick) / timeline.total}%` }}>
            {tick === 0 ? '0' : durationText(tick)}
          </span>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  row: TimelineRow;
  timeline: Timeline;
  isChosen: boolean;
  choose: () => void;
  trans: TranslationBundle;
}

function Row({ row, timeline, isChosen, choose, trans }: RowProps): ReactElement {
  const { step, wait, work } = row;
  const text = described(row, trans);
  const word = stateWord(step.state, trans);
  const isRun = work !== null && step.state !== 'cached';
  return (
    <li>
      <button type="button" data-step={step.step} aria-pressed={isChosen} title={text} onClick={choose}>
        <span className="nb2pipe-State nb2pipe-Timeline-name" data-state={step.state}>
          <span>{step.step}</span>
        </span>
        <span className="nb2pipe-Timeline-track">
          {timeline.ticks.map(tick => (
            <i key={tick} style={{ left: `${(100 * tick) / timeline.total}%` }} />
          ))}
          {wait && <span className="nb2pipe-Timeline-wait" style={placeOf(wait, timeline.total)} />}
          {work && (
            <span
              className="nb2pipe-Timeline-work"
              data-state={step.state}
              style={placeOf(work, timeline.total)}
            />
          )}
          {!work && !wait && <span className="nb2pipe-Timeline-word">{word}</span>}
        </span>
        <span className="nb2pipe-Timeline-took">{isRun ? durationText(work[1] - work[0]) : word}</span>
      </button>
    </li>
  );
}

function placeOf([from, to]: Span, total: number): CSSProperties {
  return { left: `${(100 * from) / total}%`, width: `${(100 * (to - from)) / total}%` };
}

/** All of a row in words. */
function described({ step, wait, work }: TimelineRow, trans: TranslationBundle): string {
  const lines = [trans.__('Step %1: %2', step.step, stateWord(step.state, trans))];
  if (wait) {
    lines.push(trans.__('waited %1', durationText(wait[1] - wait[0])));
  }
  if (work && step.state !== 'cached') {
    lines.push(
      trans.__(
        'ran %1, from second %2 on',
        durationText(work[1] - work[0]),
        String(Math.round(work[0] * 10) / 10)
      )
    );
  }
  return [...lines, step.reason].filter(Boolean).join('\n');
}
