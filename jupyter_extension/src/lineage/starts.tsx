/** Things that a walk can begin from. */

import { PathExt } from '@jupyterlab/coreutils';
import type { ReactElement } from 'react';

import type { LineageStart } from '../api/types';
import { Empty } from '../ui/empty';
import { timeText } from '../ui/words';
import { useLineage } from './context';
import { LookMark } from './look';
import type { Subject } from './model';
import { type Look, lookOfStart, lookWord, valueText } from './words';

export function subjectOfStart(start: LineageStart): Subject {
  return {
    name: start.name,
    kind: start.kind === 'metric' ? 'metric' : undefined,
    label: labelOf(start)
  };
}

export function StartLine({ start }: { start: LineageStart }): ReactElement {
  const { trans } = useLineage();
  const look = lookOfStart(start);
  const label = labelOf(start);
  const facts = [
    start.type.split('.').at(-1),
    start.kind === 'file' && label !== start.name ? PathExt.dirname(start.name) : '',
    start.kind === 'run' ? '' : start.notebook,
    start.at ? timeText(start.at) : ''
  ];
  return (
    <>
      <LookMark look={look} />
      <span className="nb2pipe-Lineage-kind">{lookWord(look, trans)}</span>
      <span className="nb2pipe-Lineage-name" title={start.name}>
        {start.kind === 'metric' ? `${label} = ${valueText(start.value)}` : label}
      </span>
      <span className="nb2pipe-Lineage-fact">{facts.filter(Boolean).join(' · ')}</span>
    </>
  );
}

const GROUPS: readonly Look[] = ['metric', 'model', 'file', 'url', 'value', 'run'];

/** What stands before anything was asked for: what was made last. */
export function Beginning(): ReactElement | null {
  const { model, trans } = useLineage();
  if (model.newest === null) {
    return null;
  }
  if (model.newest.length === 0) {
    return (
      <Empty title={trans.__('Nothing has run yet')}>
        {trans.__(
          'Each run of a pipeline keeps which data, code and parameters made which values, models and metrics. Run a notebook as a pipeline, and walk here from a metric to its data.'
        )}
      </Empty>
    );
  }
  const newest = [...model.newest].sort((a, b) => rank(a) - rank(b));
  return (
    <section className="nb2pipe-Lineage-beginning">
      <h3>{trans.__('Begin with something that was made lately')}</h3>
      <ul>
        {newest.map(start => (
          <li key={`${start.kind} ${start.name}`}>
            <button type="button" onClick={() => void model.walk(subjectOfStart(start))}>
              <StartLine start={start} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function rank(start: LineageStart): number {
  return GROUPS.indexOf(lookOfStart(start));
}

function labelOf(start: LineageStart): string {
  return start.kind === 'file' && !start.name.includes('://') ? PathExt.basename(start.name) : start.label;
}
