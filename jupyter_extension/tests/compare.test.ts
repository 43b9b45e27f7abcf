import { describe, expect, it } from 'vitest';

import { type CellChange, codeParts, metricPairs, pairs } from '../src/compare/comparison';
import { CompareModel } from '../src/compare/model';
import { MetricsModel } from '../src/metrics/model';
import { metricNames, seriesOf } from '../src/metrics/series';
import { pipelineOf } from './helpers/pipelines';
import { json } from './helpers/server';
import { fakeService, runOf, until } from './helpers/service';

function change(before: number | null, after: number | null): CellChange {
  return { id: `c${before}-${after}`, step: 's', before, after, diff: ['-a', '+b'] };
}

describe('a comparison', () => {
  it('has all names, those that differ first, and differences of numbers', () => {
    expect(['b', 'c', 'a']).toEqual(
      pairs({ a: 1, b: [1] }, { a: 1, b: [2], c: null }).map(each => each.name)
    );
    const [before, after] = [
      runOf('a', { metrics: { error: 2, zero: 0, label: 'x', gone: 1 } }),
      runOf('b', { metrics: { error: 1, zero: 3, label: 'y' } })
    ];
    expect([
      ['error', -1, -50],
      ['zero', 3, null],
      ['label', null, null],
      ['gone', null, null]
    ]).toEqual(metricPairs(before, after).map(({ name, delta, percent }) => [name, delta, percent]));
  });

  it('folds cells that did not change, and has those that are gone at the end', () => {
    const pipeline = pipelineOf(['a b c d']);
    const source = { cells: [{ source: 'a' }, { source: ['b', '1'] }, { source: 'c' }, { source: 'd' }] };
    const steps = pipeline.steps.map(step => ({ ...step, setup_cells: [] }));
    const parts = codeParts([change(2, 2), change(7, null)], { ...pipeline, steps }, source);
    expect(['same', 'changed', 'same', 'changed']).toEqual(parts.map(part => part.kind));
    expect({
      kind: 'same',
      cells: [
        { index: 0, source: 'a' },
        { index: 1, source: 'b1' }
      ]
    }).toEqual(parts[0]);
    expect(['changed']).toEqual(codeParts([change(null, 2)], null, null).map(part => part.kind));
  });

  it('is read from both runs, and says what is wrong where one is gone', async () => {
    const { client } = fakeService(({ url }) =>
      json(
        {
          code: 'N2P854',
          message: `No ${new URL(url).pathname.includes('diff') ? 'runs' : 'run'}.`,
          hint: ''
        },
        404
      )
    );
    const model = new CompareModel(client, 'a', 'b');
    await model.refresh();
    expect([null, 404]).toEqual([model.comparison, model.problem?.status]);
    await model.swap();
    expect(['b', 'a']).toEqual(model.ids);
    model.dispose();
  });
});

describe('metrics over runs', () => {
  const runs = [
    runOf('a', { metrics: { error: 3, note: 'x' } }),
    runOf('bb', { metrics: { error: 2 } }),
    runOf('ccc', { state: 'failed' }),
    runOf('dddd', { metrics: { error: 5, size: 1 } })
  ];

  it('have a gap where a run has none, and are numbers', () => {
    expect(['error', 'size']).toEqual(metricNames(runs));
    const { pieces, low, high } = seriesOf(runs, 'error');
    expect([[0, 1], [3]]).toEqual(pieces.map(piece => piece.map(dot => dot.index)));
    expect([2, 5]).toEqual([low, high]);
  });

  it('are read by pages, anew when a run ends, and hidden one by one', async () => {
    let isMore = true;
    const { asked, send, ...service } = fakeService(({ url }) =>
      url.includes('before')
        ? json({ runs: [runs[0]], next: null })
        : json({ runs: [runs[3], runs[2]], next: isMore ? 'ccc' : null })
    );
    const model = new MetricsModel(service, 'n.ipynb', 0);
    await model.refresh();
    expect([['ccc', 'dddd'], true]).toEqual([model.runs?.map(run => run.id), model.hasOlder]);
    await model.older();
    expect([['a', 'ccc', 'dddd'], false]).toEqual([model.runs?.map(run => run.id), model.hasOlder]);
    model.toggle('error');
    expect(['size']).toEqual(model.shown);
    isMore = false;
    send({ kind: 'run', data: runOf('new', { state: 'succeeded' }) });
    await until(model.changed, () => model.runs?.length === 2);
    expect(4).toBe(asked.length);
    model.dispose();
  });
});
