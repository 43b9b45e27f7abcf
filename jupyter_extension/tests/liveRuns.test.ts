import { describe, expect, it } from 'vitest';

import type { Run } from '../src/api/types';
import { LiveRuns } from '../src/run/liveRuns';
import { json } from './helpers/server';
import { fakeService, runOf, stepOf, until } from './helpers/service';

const place = { run_id: 'r', step: 'a', attempt: 1 };
const cell = { index: 4, id: 'c4', started_at: null, ended_at: null };

describe('LiveRuns', () => {
  it('knows how a step stands once it has looked for the latest run, and from events', async () => {
    const run = runOf('r');
    const { send, asked, ...service } = fakeService(({ url }) =>
      url.includes('/runs?')
        ? json({ runs: [run], next: null })
        : json({ run, steps: [stepOf('a', { state: 'running' })] })
    );
    const runs = new LiveRuns(service);
    expect(null).toBe(runs.stateOf('n.ipynb', 'a'));
    await until(runs.changed, () => runs.stateOf('n.ipynb', 'a') !== null);
    expect({ state: 'running' }).toEqual(runs.stateOf('n.ipynb', 'a'));
    expect(null).toBe(runs.stateOf('n.ipynb', 'nosuch'));
    expect(['/runs?notebook=n.ipynb&limit=1', '/runs/r']).toEqual(
      asked.map(each => each.url.split('/api')[1])
    );
    const paths: string[] = [];
    runs.changed.connect((_, path) => paths.push(path));
    send({ kind: 'cell', data: { ...place, ...cell, state: 'running' } });
    expect({ state: 'running', cell: 4 }).toEqual(runs.stateOf('n.ipynb', 'a'));
    send({ kind: 'cell', data: { ...place, ...cell, state: 'succeeded' } });
    send({ kind: 'step', data: { ...place, state: 'succeeded' } });
    expect({ state: 'succeeded' }).toEqual(runs.stateOf('n.ipynb', 'a'));
    send({ kind: 'step', data: { ...place, attempt: 0, state: 'failed' } }); // of an attempt before
    expect({ state: 'succeeded' }).toEqual(runs.stateOf('n.ipynb', 'a'));
    expect(['n.ipynb']).toEqual([...new Set(paths)]);
    runs.dispose();
  });

  it('tells the end of a run once, also of one that it missed while the connection was lost', async () => {
    let run = runOf('r');
    const { connect, send, ...service } = fakeService(() => json({ run, steps: [] }));
    const runs = new LiveRuns(service);
    const ended: Run['state'][] = [];
    runs.ended.connect((_, each) => ended.push(each.state));
    runs.take(run);
    await until(runs.runChanged, () => runs.get('r')?.steps !== null);
    run = { ...run, state: 'failed' };
    connect(false);
    connect(true);
    await until(runs.runChanged, () => runs.get('r')?.run?.state === 'failed');
    send({ kind: 'run', data: run });
    expect(['failed']).toEqual(ended);
  });

  it('lets a notebook stand as the run before left it, once its latest run is removed', async () => {
    const [old, late] = [runOf('old'), runOf('late')];
    let listed = [late, old];
    const { send, ...service } = fakeService(({ url }) =>
      url.includes('/runs?')
        ? json({ runs: listed.slice(0, 1), next: null })
        : url.endsWith('late')
          ? json({ run: late, steps: [stepOf('a', { state: 'failed' })] })
          : json({ run: old, steps: [stepOf('a', { state: 'succeeded' })] })
    );
    const runs = new LiveRuns(service);
    runs.stateOf('n.ipynb', 'a');
    await until(runs.changed, () => runs.stateOf('n.ipynb', 'a')?.state === 'failed');
    listed = [old];
    send({ kind: 'run-removed', data: { id: 'late' } });
    expect(null).toBe(runs.stateOf('n.ipynb', 'a'));
    await until(runs.changed, () => runs.stateOf('n.ipynb', 'a')?.state === 'succeeded');
    expect([true, 1]).toEqual([runs.get('late')?.isRemoved, runs.get('late')?.steps?.length]);
    runs.dispose();
  });

  it('keeps what came while it read, and says of a run that is gone that it is', async () => {
    const answers = [
      json({ run: runOf('r'), steps: [stepOf('a')] }),
      json({ code: 'N2P810', message: 'There is no run.', hint: '' }, 404)
    ];
    const { send, ...service } = fakeService(() => answers.shift() ?? json({}, 500));
    const runs = new LiveRuns(service);
    const reading = runs.read('r');
    send({ kind: 'step', data: { ...place, state: 'running' } });
    await reading;
    expect(['running']).toEqual(runs.get('r')?.steps?.map(each => each.state));
    await runs.read('r');
    expect([true, 'There is no run.']).toEqual([runs.get('r')?.isRemoved, runs.get('r')?.problem?.message]);
    expect(1).toBe(runs.get('r')?.steps?.length);
  });

  it('follows the newest run of a notebook', async () => {
    const { send, ...service } = fakeService(() => json({ runs: [], next: null }));
    const runs = new LiveRuns(service);
    send({ kind: 'run', data: runOf('new') });
    send({ kind: 'step', data: { ...place, run_id: 'new', state: 'running' } });
    send({ kind: 'run', data: runOf('o') });
    expect('running').toBe(runs.stateOf('n.ipynb', 'a')?.state);
  });
});
