/** Why an edge is there. */

import { closeIcon } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { Edge } from '../api/types';
import { useGraph } from './context';
import type { Place } from './graphModel';
import { edgeNames } from './labels';

export function Detail(): ReactElement | null {
  const { model, trans } = useGraph();
  const { edge, reasons, problem } = model.explanation;
  if (!edge) {
    return null;
  }
  const title = `${edge.source} → ${edge.target}`;
  return (
    <section className="nb2pipe-Detail" aria-label={trans.__('Why %1', title)}>
      <header className="nb2pipe-Detail-header">
        <h3>{title}</h3>
        <button
          type="button"
          className="nb2pipe-IconButton"
          title={trans.__('Close')}
          aria-label={trans.__('Close')}
          onClick={() => model.explanation.close()}
        >
          <closeIcon.react tag="span" width="16px" height="16px" />
        </button>
      </header>
      <Siblings edge={edge} />
      <div className="nb2pipe-Detail-names">
        <code>{edgeNames([edge]).join(', ')}</code>
      </div>
      <div role="status">
        {!reasons && !problem && trans.__('Asking …')}
        {problem && <span className="nb2pipe-Detail-problem">{problem.text}</span>}
        {reasons?.length === 0 && trans.__('Neither step waits for the other any more.')}
        {reasons && (
          <ul>
            {reasons.map((reason, index) => (
              <li key={index}>{reason}</li>
            ))}
          </ul>
        )}
      </div>
      <div className="nb2pipe-Detail-links">
        <PlaceLink step={edge.source} place={model.startOf(edge.source)} />
        <PlaceLink step={edge.target} place={model.useOf(edge.source, edge.target)} />
      </div>
    </section>
  );
}

/** All edges that an edge of a folded chain stands for. */
function Siblings({ edge }: { edge: Edge }): ReactElement | null {
  const { model } = useGraph();
  const drawn = model.layout.edges.find(each => each.edges.some(one => isSame(one, edge)));
  return !drawn || drawn.edges.length < 2 ? null : (
    <div className="nb2pipe-Detail-links">
      {drawn.edges.map(each => (
        <button
          key={`${each.source} ${each.target}`}
          type="button"
          className="nb2pipe-Link"
          aria-pressed={isSame(each, edge)}
          onClick={() => void model.explanation.explain(each)}
        >
          {each.source} → {each.target}
        </button>
      ))}
    </div>
  );
}

function PlaceLink({ step, place }: { step: string; place: Place | null }): ReactElement | null {
  const { trans, go } = useGraph();
  if (!place) {
    return null;
  }
  const { index, line } = place;
  return (
    <button type="button" className="nb2pipe-Link" onClick={() => go(place)}>
      {line === null
        ? trans.__('%1: cell %2', step, index + 1)
        : trans.__('%1: cell %2, line %3', step, index + 1, line)}
    </button>
  );
}

function isSame(one: Edge, other: Edge): boolean {
  return one.source === other.source && one.target === other.target;
}
