/** Batches at the left, and the table of one. */

import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Batch, BatchHead, Run } from '../api/types';
import { isFinal } from '../run/liveSteps';
import { StateMark } from '../run/view';
import { Action } from '../ui/action';
import { Empty } from '../ui/empty';
import { Problem } from '../ui/problem';
import { durationText, timeText } from '../ui/words';
import type { BatchesModel } from './model';

export interface BatchesProps {
  model: BatchesModel;
  /** Show a run in the panel. */
  open: (run: Run) => void;
  /** Open all about a run in a tab. */
  detail: (run: Run) => void;
  trans: TranslationBundle;
}

export function BatchesView(props: BatchesProps): ReactElement {
  const { model, trans } = props;
  const { heads, batch, problem } = model;
  return (
    <>
      <Problem problem={problem} trans={trans} again={() => void model.refresh()} />
      {heads?.length === 0 && (
        <Empty title={trans.__('No batch has run yet')}>
          {trans.__(
            '“Run over a Table of Parameters…” in the Run menu runs a notebook once for each row of a table, and compares here what came out.'
          )}
        </Empty>
      )}
      {heads && heads.length > 0 && (
        <div className="nb2pipe-Batches-parts">
          <Heads {...props} heads={heads} shown={batch} />
          {batch && <Table {...props} batch={batch} />}
        </div>
      )}
    </>
  );
}

function Heads({
  model,
  heads,
  shown,
  trans
}: BatchesProps & { heads: readonly BatchHead[]; shown: Batch | null }): ReactElement {
  return (
    <nav className="nb2pipe-Batches-list" aria-label={trans.__('Batches')}>
      {heads.map(each => (
        <button
          key={each.id}
          data-batch={each.id}
          aria-current={each.id === shown?.id}
          onClick={() => model.show(each.id)}
        >
          <strong>{PathExt.basename(each.notebook ?? each.id)}</strong>
          <StateMark state={each.state} trans={trans} />
          <small>
            {timeText(each.created_at)} · {trans.__('%1 of %2', each.ended, each.total)}
          </small>
        </button>
      ))}
    </nav>
  );
}

function Table({ model, batch, open, detail, trans }: BatchesProps & { batch: Batch }): ReactElement {
  const metrics = [...new Set(batch.runs.flatMap(run => Object.keys(run.metrics)))];
  const isGoing = batch.ended < batch.total;
  return (
    <section className="nb2pipe-Batches-table" aria-label={trans.__('Runs of the batch')}>
      <header>
        <h2>{PathExt.basename(batch.notebook ?? batch.id)}</h2>
        <span role="status">
          <StateMark state={batch.state} trans={trans} />
        </span>
        <span>{trans.__('%1 of %2 succeeded, %3 ended', batch.succeeded, batch.total, batch.ended)}</span>
        {isGoing && <Action onClick={() => void model.cancel()}>{trans.__('Cancel')}</Action>}
      </header>
      <progress max={batch.total} value={batch.ended} aria-label={trans.__('Runs that have ended')} />
      <div className="nb2pipe-Batch-scroll">
        <table className="nb2pipe-History-table" aria-label={trans.__('Runs of the batch')}>
          <thead>
            <tr>
              <th scope="col">{trans.__('Run')}</th>
              <th scope="col">{trans.__('State')}</th>
              {batch.varied.map(name => (
                <th key={`parameter ${name}`} scope="col">
                  {name}
                </th>
              ))}
              {metrics.map(name => (
                <th key={`metric ${name}`} scope="col" className="nb2pipe-mod-metric">
                  {name}
                </th>
              ))}
              <th scope="col">{trans.__('Took')}</th>
            </tr>
          </thead>
          <tbody>
            {batch.runs.map((run, index) => (
              <tr key={run.id} data-run={run.id} onClick={() => open(run)} onDoubleClick={() => detail(run)}>
                <td>
                  <button className="nb2pipe-Link" title={trans.__('Show run %1', run.id)}>
                    {index + 1}
                  </button>
                </td>
                <td title={run.message}>
                  <StateMark state={run.state} trans={trans} />
                </td>
                {batch.varied.map(name => (
                  <td key={`parameter ${name}`}>{JSON.stringify(run.parameters[name])}</td>
                ))}
                {metrics.map(name => (
                  <td key={`metric ${name}`} className="nb2pipe-mod-metric">
                    {name in run.metrics ? JSON.stringify(run.metrics[name]) : ''}
                  </td>
                ))}
                <td>{isFinal(run.state) ? durationText(run.duration_s) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
