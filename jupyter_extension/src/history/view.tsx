/** The table of runs. */

import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import type { MouseEvent, ReactElement } from 'react';

import type { Run, RunState } from '../api/types';
import { Action } from '../ui/action';
import { Empty } from '../ui/empty';
import { StateMark } from '../run/view';
import { Problem } from '../ui/problem';
import { durationText, stateWord, timeText } from '../ui/words';
import type { HistoryModel, Sort } from './model';

export interface HistoryActions {
  open: (run: Run) => void;
  /** Open all about it in the main area. */
  detail: (run: Run) => void;
  /** Open the menu of a run. */
  menu: (run: Run, x: number, y: number) => void;
  /** Show what differs between two runs, by their ids. */
  compare: (first: string, second: string) => void;
}
export interface HistoryProps {
  model: HistoryModel;
  /** Path of the current notebook; null where there is none. */
  current: string | null;
  actions: HistoryActions;
  trans: TranslationBundle;
}

const STATES: readonly RunState[] = [
  'queued',
  'waiting',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted'
];

export function HistoryView(props: HistoryProps): ReactElement {
  const { model, trans } = props;
  const { runs, problem } = model;
  return (
    <>
      <div className="nb2pipe-History-bar">
        <Filters {...props} />
        <Compare {...props} />
      </div>
      {!model.isConnected && (
        <p className="nb2pipe-Notice nb2pipe-mod-late" role="status">
          {trans.__('The connection to the server is lost. The list goes on by itself once it is back.')}
        </p>
      )}
      <Problem problem={problem} trans={trans} again={() => void model.refresh()} />
      {runs && runs.length > 0 && <Table {...props} runs={runs} />}
      {runs && runs.length === 0 && <NoRuns {...props} />}
      {(model.page > 0 || model.hasOlder) && <Pages model={model} trans={trans} />}
    </>
  );
}

/** Compares the two runs that are chosen, the older one first. */
function Compare({ model, actions, trans }: HistoryProps): ReactElement {
  const [first, second] = [...model.chosen].sort();
  return (
    <button
      className="jp-Dialog-button jp-mod-styled jp-mod-reject nb2pipe-History-compare"
      disabled={second === undefined}
      title={trans.__('Choose two runs to see what differs between them')}
      onClick={() => first !== undefined && second !== undefined && actions.compare(first, second)}
    >
      {trans.__('Compare')}
    </button>
  );
}

function Filters({ model, current, trans }: HistoryProps): ReactElement {
  const { state, notebook } = model.filter;
  return (
    <div className="nb2pipe-History-filters">
      <input
        type="search"
        className="jp-mod-styled nb2pipe-Search"
        placeholder={trans.__('Notebook, user or run')}
        aria-label={trans.__('Only runs with this in their notebook, user or id')}
        value={model.filter.text}
        onChange={event => model.setFilter({ text: event.target.value })}
      />
      <label>
        {trans.__('State')}
        <HTMLSelect
          value={state ?? ''}
          onChange={event =>
            model.setFilter({ state: STATES.find(each => each === event.target.value) ?? null })
          }
        >
          <option value="">{trans.__('all')}</option>
          {STATES.map(each => (
            <option key={each} value={each}>
              {stateWord(each, trans)}
            </option>
          ))}
        </HTMLSelect>
      </label>
      <label>
        <input
          type="checkbox"
          checked={notebook !== null}
          disabled={notebook === null && current === null}
          onChange={event => model.setFilter({ notebook: event.target.checked ? current : null })}
        />
        <span title={notebook ?? current ?? ''}>
          {(notebook ?? current)
            ? trans.__('Only %1', PathExt.basename(notebook ?? current ?? ''))
            : trans.__('Only the current notebook')}
        </span>
      </label>
    </div>
  );
}

function Table({ model, runs, actions, trans }: HistoryProps & { runs: readonly Run[] }): ReactElement {
  return (
    <table className="nb2pipe-History-table" aria-label={trans.__('Runs')}>
      <thead>
        <tr>
          <th scope="col">
            <span className="nb2pipe-Hidden">{trans.__('Chosen for comparison')}</span>
          </th>
          <Head sort="state" model={model}>
            {trans.__('State')}
          </Head>
          <Head sort="pipeline" model={model}>
            {trans.__('Notebook')}
          </Head>
          <Head sort="created" model={model}>
            {trans.__('Begun')}
          </Head>
          <Head sort="duration" model={model}>
            {trans.__('Took')}
          </Head>
          <Head sort="user" model={model}>
            {trans.__('By')}
          </Head>
          <th scope="col">{trans.__('Parameters')}</th>
          <th scope="col">
            <span className="nb2pipe-Hidden">{trans.__('Menu')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map(run => (
          <Row key={run.id} run={run} model={model} actions={actions} trans={trans} />
        ))}
      </tbody>
    </table>
  );
}

/** The head of a column that the list can be in the order of. */
function Head({
  sort,
  model,
  children
}: {
  sort: Sort;
  model: HistoryModel;
  children: string;
}): ReactElement {
  const way = model.isAscending ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={sort === model.sort ? way : undefined}>
      <button className="nb2pipe-History-sort" onClick={() => model.sortBy(sort)}>
        {children}
      </button>
    </th>
  );
}

function Row({ run, model, actions, trans }: { run: Run } & Omit<HistoryProps, 'current'>): ReactElement {
  const path = run.notebook ?? run.notebook_path;
  const given = Object.entries(run.parameters)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ');
  const onContextMenu = (event: MouseEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    actions.menu(run, event.clientX, event.clientY);
  };
  return (
    <tr
      data-run={run.id}
      onClick={() => actions.open(run)}
      onDoubleClick={() => actions.detail(run)}
      onContextMenu={onContextMenu}
    >
      <td onClick={event => event.stopPropagation()}>
        <input
          type="checkbox"
          aria-label={trans.__('Compare run %1', run.id)}
          checked={model.chosen.includes(run.id)}
          onChange={() => model.choose(run.id)}
        />
      </td>
      <td>
        <StateMark state={run.state} trans={trans} />
      </td>
      <td title={path}>
        <button className="nb2pipe-Link" title={trans.__('Show run %1', run.id)}>
          {PathExt.basename(path)}
        </button>
        {run.target && <small className="nb2pipe-History-where">{trans.__('on %1', run.target)}</small>}
      </td>
      <td>{timeText(run.created_at)}</td>
      <td>{durationText(run.duration_s)}</td>
      <td>{run.schedule_id ? trans.__('schedule') : run.user}</td>
      <td className="nb2pipe-History-given" title={given}>
        {given}
      </td>
      <td>
        <button
          className="nb2pipe-Link nb2pipe-History-menu"
          aria-haspopup="menu"
          aria-label={trans.__('Menu of run %1', run.id)}
          onClick={event => {
            event.stopPropagation();
            const { left, bottom } = event.currentTarget.getBoundingClientRect();
            actions.menu(run, left, bottom);
          }}
        >
          ⋯
        </button>
      </td>
    </tr>
  );
}

function NoRuns({ model, trans }: HistoryProps): ReactElement {
  const { state, notebook, text } = model.filter;
  return state === null && notebook === null && text === '' ? (
    <Empty title={trans.__('Nothing has run yet')}>
      {trans.__(
        '“Run as Pipeline” above a notebook runs its steps; each run is kept here with its logs and results.'
      )}
    </Empty>
  ) : (
    <Empty title={trans.__('No run fits')}>
      <Action onClick={() => model.setFilter({ state: null, notebook: null, text: '' })}>
        {trans.__('Show all runs')}
      </Action>
    </Empty>
  );
}

function Pages({ model, trans }: Pick<HistoryProps, 'model' | 'trans'>): ReactElement {
  return (
    <nav className="nb2pipe-History-pages" aria-label={trans.__('Pages')}>
      {model.page > 0 && <Action onClick={() => model.newer()}>{trans.__('Newer')}</Action>}
      <span>{trans.__('Page %1', model.page + 1)}</span>
      {model.hasOlder && <Action onClick={() => model.older()}>{trans.__('Older')}</Action>}
    </nav>
  );
}
