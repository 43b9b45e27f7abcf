/** Metrics over the runs of a notebook: a chart for each, and a table of all. */

import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { type ReactElement, useState } from 'react';

import type { Run } from '../api/types';
import { StateMark } from '../run/view';
import { Action } from '../ui/action';
import { Empty } from '../ui/empty';
import { Problem } from '../ui/problem';
import { timeText } from '../ui/words';
import { Chart } from './chart';
import type { MetricsModel } from './model';
import { seriesOf } from './series';

export interface MetricsProps {
  model: MetricsModel;
  open: (run: Run) => void;
  /** Show what a metric of a run was made from. */
  trace: (run: Run, name: string) => void;
  trans: TranslationBundle;
}

export function MetricsView(props: MetricsProps): ReactElement {
  const { model, trans } = props;
  const { problem, runs } = model;
  return (
    <>
      <Problem problem={problem} trans={trans} again={() => void model.refresh()} />
      {runs && model.names.length === 0 && <NoMetrics model={model} trans={trans} />}
      {runs && model.names.length > 0 && <Shown {...props} runs={runs} />}
    </>
  );
}

function NoMetrics({ model, trans }: Pick<MetricsProps, 'model' | 'trans'>): ReactElement {
  return (
    <Empty title={trans.__('No run of %1 has a metric yet', PathExt.basename(model.notebook))}>
      {trans.__(
        'Give a cell that ends in the names of numbers, such as accuracy, the tag “metrics”: each run keeps their values, and they are drawn here over all runs.'
      )}
    </Empty>
  );
}

function Shown({ runs, model, open, trace, trans }: MetricsProps & { runs: readonly Run[] }): ReactElement {
  const [pointed, setPointed] = useState<number | null>(null);
  const run = pointed === null ? undefined : runs[pointed];
  return (
    <>
      <header className="nb2pipe-Metrics-head">
        <fieldset>
          <legend>{trans.__('Metrics')}</legend>
          {model.names.map(name => (
            <label key={name}>
              <input
                type="checkbox"
                checked={model.shown.includes(name)}
                onChange={() => model.toggle(name)}
              />
              {name}
            </label>
          ))}
        </fieldset>
        {model.hasOlder && <Action onClick={() => void model.older()}>{trans.__('Older runs, too')}</Action>}
      </header>
      <p className="nb2pipe-Metrics-run" role="status">
        {run ? sentence(run, trans) : trans.__('Point at a run to see which it is; a click opens it.')}
      </p>
      <div className="nb2pipe-Metrics-body">
        <div>
          {model.shown.map(name => (
            <Chart
              key={name}
              series={seriesOf(runs, name)}
              runs={runs}
              pointed={pointed}
              onPoint={setPointed}
              onOpen={open}
              trans={trans}
            />
          ))}
        </div>
        <Table runs={runs} names={model.shown} open={open} trace={trace} trans={trans} />
      </div>
    </>
  );
}

interface TableProps {
  runs: readonly Run[];
  names: readonly string[];
  open: (run: Run) => void;
  trace: (run: Run, name: string) => void;
  trans: TranslationBundle;
}

function Table({ runs, names, open, trace, trans }: TableProps): ReactElement {
  return (
    <table className="nb2pipe-Compare-table" aria-label={trans.__('Metrics of each run')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Run')}</th>
          <th scope="col">{trans.__('State')}</th>
          {names.map(name => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...runs].reverse().map(run => (
          <tr key={run.id}>
            <th scope="row">
              <button className="nb2pipe-Link" title={run.id} onClick={() => open(run)}>
                {timeText(run.created_at)}
              </button>
            </th>
            <td>
              <StateMark state={run.state} trans={trans} />
            </td>
            {names.map(name => (
              <td key={name}>
                {run.metrics[name] === undefined ? (
                  '–'
                ) : (
                  <button
                    className="nb2pipe-Link"
                    title={trans.__('What %1 was made from', name)}
                    onClick={() => trace(run, name)}
                  >
                    {JSON.stringify(run.metrics[name])}
                  </button>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sentence(run: Run, trans: TranslationBundle): string {
  const values = [...Object.entries(run.metrics), ...Object.entries(run.parameters)];
  const given = values.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ');
  return [trans.__('Run %1', run.id), timeText(run.created_at), run.user, given].filter(Boolean).join(' · ');
}
