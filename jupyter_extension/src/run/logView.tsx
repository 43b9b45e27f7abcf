/** The log of a step, which stays at its end while one looks at its end. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { useLayoutEffect, useRef, type ReactElement, type UIEvent } from 'react';

import { isFinal, type LiveStep } from './liveSteps';
import type { LogModel } from './logModel';

interface LogProps {
  step: LiveStep;
  log: LogModel | null;
  trans: TranslationBundle;
}

/** So near the end counts as there. */
const NEAR_PX = 24;

export function LogView({ step, log, trans }: LogProps): ReactElement {
  const node = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  const text = log?.text ?? '';
  useLayoutEffect(() => {
    if (node.current && isAtEnd.current) {
      node.current.scrollTop = node.current.scrollHeight;
    }
  }, [text]);
  const onScroll = ({ currentTarget: pre }: UIEvent<HTMLPreElement>): void => {
    isAtEnd.current = pre.scrollTop + pre.clientHeight >= pre.scrollHeight - NEAR_PX;
  };
  return (
    <section className="nb2pipe-Log" aria-label={trans.__('Log of %1', step.step)}>
      <h3 className="nb2pipe-Panel-section">{trans.__('Log of %1', step.step)}</h3>
      {log?.problem && <p className="nb2pipe-Notice">{log.problem.text}</p>}
      {log?.isCut && (
        <p className="nb2pipe-Notice">
          {trans.__('Only the end is shown.')}{' '}
          <button className="nb2pipe-Link" onClick={() => void log.showAll()}>
            {trans.__('Show all')}
          </button>
        </p>
      )}
      {text ? (
        <pre ref={node} className="nb2pipe-Log-text" tabIndex={0} onScroll={onScroll}>
          {text}
        </pre>
      ) : (
        <p className="nb2pipe-Log-empty">{log?.isRead ? emptyText(step, trans) : trans.__('Reading …')}</p>
      )}
    </section>
  );
}

function emptyText(step: LiveStep, trans: TranslationBundle): string {
  if (!isFinal(step.state)) {
    return trans.__('Nothing was printed so far.');
  }
  return step.state === 'cached'
    ? trans.__('Its results were taken from the cache, so it was not run.')
    : step.reason || trans.__('It printed nothing.');
}
