/** The lineage view: where one is, the way there, the picture, and words. */

import { HTMLSelect } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import { LineageCanvas } from './canvas';
import { LineageProvider, type LineageTools, useLineage } from './context';
import { Detail } from './detail';
import { DEPTHS } from './model';
import { LineageSearch } from './searchBox';
import { Beginning } from './starts';
import { Problem } from '../ui/problem';

export function LineageView({ tools }: { tools: LineageTools }): ReactElement {
  const { model, trans } = tools;
  const { answer, problem, visible } = model;
  const nodes = answer?.nodes.filter(node => visible?.centre.has(node.id)) ?? [];
  return (
    <LineageProvider value={tools}>
      <div className="nb2pipe-Toolbar" role="toolbar" aria-label={trans.__('Lineage')}>
        <LineageSearch />
        <Depth />
      </div>
      <Trail />
      <Problem problem={problem} trans={trans} again={() => void model.refresh()} />
      {answer?.is_cut && (
        <p className="nb2pipe-Notice" role="status">
          {trans.__('More runs than are followed at once have to do with it: the oldest are left out.')}
        </p>
      )}
      <span className="nb2pipe-Hidden" role="status">
        {model.isAsking ? trans.__('Reading…') : (model.subject?.label ?? '')}
      </span>
      {answer && visible ? (
        <div className="nb2pipe-Lineage-body" aria-busy={model.isAsking}>
          <LineageCanvas answer={answer} shown={visible} />
          <Detail answer={answer} nodes={nodes} />
        </div>
      ) : (
        <Beginning />
      )}
    </LineageProvider>
  );
}

/** The way that one has walked; each place of it leads back. */
function Trail(): ReactElement | null {
  const { model, trans } = useLineage();
  const first = Math.max(0, model.at - 7);
  return model.trail.length < 2 ? null : (
    <nav className="nb2pipe-Lineage-trail" aria-label={trans.__('The way here')}>
      {first > 0 && <span>…</span>}
      {model.trail.slice(first, first + 12).map((subject, index) => (
        <button
          key={first + index}
          type="button"
          className="nb2pipe-Link"
          title={subject.name}
          aria-current={first + index === model.at ? 'location' : undefined}
          onClick={() => void model.step(first + index)}
        >
          {subject.label}
        </button>
      ))}
    </nav>
  );
}

function Depth(): ReactElement {
  const { model, trans } = useLineage();
  return (
    <label className="nb2pipe-Lineage-depth">
      {trans.__('Show')}
      <HTMLSelect value={String(model.depth)} onChange={event => model.setDepth(Number(event.target.value))}>
        {DEPTHS.map(depth => (
          <option key={depth} value={String(depth)}>
            {depth === Infinity ? trans.__('all') : trans.__('%1 links away', depth)}
          </option>
        ))}
      </HTMLSelect>
    </label>
  );
}
