/** Tables of two runs: parameters, metrics, steps, and where they ran. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement, ReactNode } from 'react';

import type { StepRun } from '../api/types';
import { StateMark } from '../run/view';
import { durationText } from '../ui/words';
import { type Change, metricPairs, pairs, stepPairs } from './comparison';
import type { Comparison } from './model';

interface Props {
  comparison: Comparison;
  trans: TranslationBundle;
}

export function Parameters({ comparison: { before, after }, trans }: Props): ReactElement | null {
  const rows = pairs(before.run.parameters, after.run.parameters);
  return rows.length === 0 ? null : (
    <Table title={trans.__('Parameters')} heads={[trans.__('Name'), trans.__('First'), trans.__('Second')]}>
      {rows.map(row => (
        <tr key={row.name} data-same={row.isSame || undefined}>
          <th scope="row">{row.name}</th>
          <td>{shown(row.before)}</td>
          <td>{shown(row.after)}</td>
        </tr>
      ))}
    </Table>
  );
}

export function Metrics({ comparison: { before, after }, trans }: Props): ReactElement | null {
  const rows = metricPairs(before.run, after.run);
  const heads = [trans.__('Name'), trans.__('First'), trans.__('Second'), trans.__('Difference'), '%'];
  return rows.length === 0 ? null : (
    <Table title={trans.__('Metrics')} heads={heads}>
      {rows.map(row => (
        <tr key={row.name} data-same={row.isSame || undefined}>
          <th scope="row">{row.name}</th>
          <td>{shown(row.before)}</td>
          <td>{shown(row.after)}</td>
          <td>{row.delta === null ? '' : signed(Number(row.delta.toPrecision(6)))}</td>
          <td>{row.percent === null ? '' : `${signed(Number(row.percent.toFixed(1)))} %`}</td>
        </tr>
      ))}
    </Table>
  );
}

export function Steps({ comparison: { before, after }, trans }: Props): ReactElement {
  return (
    <Table title={trans.__('Steps')} heads={[trans.__('Name'), trans.__('First'), trans.__('Second')]}>
      {stepPairs(before.steps, after.steps).map(row => (
        <tr key={row.name}>
          <th scope="row">{row.name}</th>
          <td>
            <Step step={row.before} trans={trans} />
          </td>
          <td>
            <Step step={row.after} trans={trans} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

export function Surroundings({ comparison: { diff }, trans }: Props): ReactElement {
  const { notebook, data, written, python, distributions, images, executor } = diff.differences;
  const rows: [string, readonly Change[]][] = [
    [trans.__('Notebook'), notebook],
    [trans.__('Read'), data.map(digests)],
    [trans.__('Wrote'), written.map(digests)],
    [trans.__('Python'), python],
    [trans.__('Package'), distributions],
    [trans.__('Image of step'), images],
    [trans.__('Executor'), executor]
  ];
  if (rows.every(([, changes]) => changes.length === 0)) {
    return (
      <section>
        <h3>{trans.__('Data and environment')}</h3>
        <p>{trans.__('Both read the same data, and ran in the same environment.')}</p>
      </section>
    );
  }
  const heads = [trans.__('What'), trans.__('Name'), trans.__('First'), trans.__('Second')];
  return (
    <Table title={trans.__('Data and environment')} heads={heads}>
      {rows.flatMap(([what, changes]) =>
        changes.map(change => (
          <tr key={`${what} ${change.name}`}>
            <td>{what}</td>
            <th scope="row">{change.name}</th>
            <td>{shown(change.before)}</td>
            <td>{shown(change.after)}</td>
          </tr>
        ))
      )}
    </Table>
  );
}

function Table({
  title,
  heads,
  children
}: {
  title: string;
  heads: readonly string[];
  children: ReactNode;
}): ReactElement {
  return (
    <section>
      <h3>{title}</h3>
      <table className="nb2pipe-Compare-table" aria-label={title}>
        <thead>
          <tr>
            {heads.map(head => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

function Step({ step, trans }: { step: StepRun | null; trans: TranslationBundle }): ReactElement {
  return step === null ? (
    <>–</>
  ) : (
    <>
      <StateMark state={step.state} trans={trans} />{' '}
      {step.state === 'cached' ? '' : durationText(step.duration_s)}
    </>
  );
}

function digests(change: Change): Change {
  const short = (value: unknown): unknown => (typeof value === 'string' ? value.slice(0, 12) : value);
  return { ...change, before: short(change.before), after: short(change.after) };
}

function shown(value: unknown): string {
  if (value === undefined || value === null) {
    return '–';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value).replace('-', '−');
}
