import { describe, expect, it } from 'vitest';

import { HistoryModel } from '../src/history/model';
import { json } from './helpers/server';
import { fakeService, runOf, until } from './helpers/service';

describe('HistoryModel', () => {
  it('pages, filters, and begins anew where the run between pages was removed', async () => {
    const answers = [
      json({ runs: [runOf('b')], next: 'b' }),
      json({ runs: [runOf('a')], next: null }),
      json({ code: 'N2P810', message: 'There is no run.', hint: '' }, 404),
      json({ runs: [runOf('c')], next: null }),
      json({ runs: [], next: null })
    ];
    const { asked, ...service } = fakeService(() => answers.shift() ?? json({}, 500));
    const model = new HistoryModel(service);
    await model.refresh();
    expect([true, 0]).toEqual([model.hasOlder, model.page]);
    model.older();
    await until(model.changed, () => model.runs?.[0]?.id === 'a');
    expect([false, 1]).toEqual([model.hasOlder, model.page]);
    await model.refresh();
    await until(model.changed, () => model.runs?.[0]?.id === 'c');
    expect([0, null]).toEqual([model.page, model.problem]);
    model.setFilter({ state: 'failed', notebook: 'n.ipynb' });
    await until(model.changed, () => model.runs?.length === 0);
    expect(['?limit=50', '?limit=50&before=b', '?limit=50&before=b', '?limit=50']).toEqual(
      asked.slice(0, 4).map(each => new URL(each.url).search)
    );
    expect('?limit=50&state=failed&notebook=n.ipynb').toBe(new URL(asked[4]?.url ?? '').search);
  });

  it('keeps up with events, and reads anew when the connection is back', async () => {
    let runs = [runOf('a')];
    const { connect, send, ...service } = fakeService(() => json({ runs, next: null }));
    const model = new HistoryModel(service, 0);
    await model.refresh();
    send({ kind: 'run', data: { ...runOf('a'), state: 'succeeded' } });
    expect(['succeeded']).toEqual(model.runs?.map(each => each.state));
    runs = [runOf('bb'), runOf('a')];
    send({ kind: 'run', data: runOf('bb') });
    await until(model.changed, () => model.runs?.length === 2);
    send({ kind: 'run-removed', data: { id: 'a' } });
    expect(['bb']).toEqual(model.runs?.map(each => each.id));
    runs = [];
    connect(false);
    expect(false).toBe(model.isConnected);
    connect(true);
    await until(model.changed, () => model.runs?.length === 0);
    model.dispose();
  });

  it('finds a run its new place by duration when it ends; the longest come first', async () => {
    let runs = [runOf('a'), runOf('b')];
    const { asked, send, ...service } = fakeService(() => json({ runs, next: null }));
    const model = new HistoryModel(service, 0);
    model.sortBy('duration');
    await until(model.changed, () => model.runs?.length === 2);
    expect('?limit=50&sort=duration').toBe(new URL(asked.at(-1)?.url ?? '').search);
    runs = [runOf('b'), runOf('a')];
    send({ kind: 'run', data: { ...runOf('b'), state: 'succeeded' } });
    await until(model.changed, () => model.runs?.[0]?.id === 'b');
    model.sortBy('duration');
    expect(true).toBe(model.isAscending);
    await model.refresh();
    expect('?limit=50&sort=duration&ascending=true').toBe(new URL(asked.at(-1)?.url ?? '').search);
    model.dispose();
  });

  it('is ordered by a column, and found by a text, both by the service; two runs are chosen', async () => {
    const { asked, ...service } = fakeService(() => json({ runs: [runOf('a')], next: 'a' }));
    const model = new HistoryModel(service);
    await model.refresh();
    model.older();
    model.sortBy('user');
    expect([0, true]).toEqual([model.page, model.isAscending]);
    model.sortBy('user');
    model.sortBy('created');
    model.sortBy('created');
    model.setFilter({ text: 'ann' });
    await model.refresh();
    asked.pop();
    expect([
      '?limit=50&before=a',
      '?limit=50&sort=user&ascending=true',
      '?limit=50&sort=user',
      '?limit=50',
      '?limit=50&ascending=true',
      '?limit=50&text=ann&ascending=true'
    ]).toEqual(asked.slice(1).map(each => new URL(each.url).search));
    ['a', 'b', 'c'].forEach(id => model.choose(id));
    expect(['b', 'c']).toEqual(model.chosen);
    model.choose('b');
    expect(['c']).toEqual(model.chosen);
    model.dispose();
  });
});
