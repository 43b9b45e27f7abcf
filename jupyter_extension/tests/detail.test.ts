import type { ICodeCell, INotebookContent } from '@jupyterlab/nbformat';
import { describe, expect, it } from 'vitest';

import type { Edge } from '../src/api/types';
import { copyOutputs } from '../src/detail/copying';
import { DetailModel } from '../src/detail/model';
import { timelineOf } from '../src/detail/timeline';
import { shortId, sizeText } from '../src/detail/words';
import { LiveRuns } from '../src/run/liveRuns';
import { code, notebook } from './helpers/notebooks';
import { json, type Request } from './helpers/server';
import { fakeService, runOf, stepOf, until } from './helpers/service';
import { pipelineOf } from './helpers/pipelines';

const edge = (source: string, target: string): Edge => ({ source, target, links: [] });
const at = (second: number): string =>
  new Date(Date.UTC(2026, 10, 28, 12, 0, 0) + second * 1000).toISOString();
const nowMs = Date.parse(at(20));

describe('timelineOf', () => {
  it('shows how long a step waited for its turn after what it needs was there, and how long it ran', () => {
    const steps = [
      stepOf('a', { state: 'succeeded', started_at: at(1), ended_at: at(4) }),
      stepOf('b', { state: 'running', started_at: at(9) }),
      stepOf('c'),
      stepOf('d', { state: 'skipped' })
    ];
    const { rows, total, ticks } = timelineOf(steps, [edge('a', 'b'), edge('b', 'c')], at(0), nowMs);
    expect([
      [
        [0, 1],
        [1, 4]
      ],
      [
        [4, 9],
        [9, 20]
      ],
      [null, null],
      [null, null]
    ]).toEqual(rows.map(({ wait, work }) => [wait, work]));
    expect([20, [0, 5, 10, 15, 20]]).toEqual([total, ticks]);
  });

  it('grows with a step that waits for its turn', () => {
    const { rows, total } = timelineOf([stepOf('a')], [], at(0), nowMs);
    expect([[0, 20], null, 20]).toEqual([rows[0]?.wait, rows[0]?.work, total]);
  });

  it('has at most seven round marks however long it takes, and something where nothing has begun', () => {
    for (const seconds of [0.004, 0.3, 7, 59, 200, 5000, 90_000, 4_000_000]) {
      const step = stepOf('a', { state: 'succeeded', started_at: at(0), ended_at: at(seconds) });
      const { ticks } = timelineOf([step], [], at(0), nowMs);
      expect([true, 0]).toEqual([ticks.length >= 1 && ticks.length <= 7, ticks[0]]);
    }
    expect([0]).toEqual(timelineOf([], [], null, nowMs).ticks.slice(0, 1));
  });
});

const cell = (id: string, source: string, text: string, ...tags: string[]): ICodeCell => ({
  id,
  cell_type: 'code',
  source,
  metadata: { tags },
  outputs: [{ output_type: 'stream', name: 'stdout', text }],
  execution_count: 7
});
const content = (...cells: ICodeCell[]): INotebookContent => ({
  cells,
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5
});
const textsOf = (model: ReturnType<typeof notebook>): unknown[] =>
  model.sharedModel.toJSON().cells.map(each => [each.outputs, each.execution_count]);

describe('copyOutputs', () => {
  it('takes the outputs of the same cells alone, and one undo takes them back', () => {
    const model = notebook(code('x = 1'), code('x = 3'), code('x = 9'));
    model.sharedModel.clearUndoHistory();
    const before = textsOf(model);
    const neverRun = { ...cell('id-2', 'x = 9', ''), outputs: [], execution_count: null };
    const found = copyOutputs(
      model,
      content(
        cell('p', 'rows = 4', '', 'injected-parameters'),
        cell('id-0', 'x = 1', 'one'),
        cell('id-1', 'x = 2', 'two'),
        neverRun,
        cell('gone', 'y', 'y')
      )
    );
    expect({ copied: 1, changed: 1, gone: 1 }).toEqual(found);
    expect([[{ output_type: 'stream', name: 'stdout', text: 'one' }], 7]).toEqual(
      JSON.parse(JSON.stringify(textsOf(model)[0]))
    );
    expect(before.slice(1)).toEqual(textsOf(model).slice(1));
    model.sharedModel.undo();
    expect(before).toEqual(textsOf(model));
    expect(false).toBe(model.sharedModel.canUndo());
  });

  it('leaves a notebook alone of which no cell is the same', () => {
    const model = notebook(code('x = 1'));
    model.sharedModel.clearUndoHistory();
    expect({ copied: 0, changed: 1, gone: 0 }).toEqual(copyOutputs(model, content(cell('id-0', 'y', 'y'))));
    expect(false).toBe(model.sharedModel.canUndo());
  });
});

describe('DetailModel', () => {
  const answer = (request: Request): Response => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/preview')) {
      return json({ code: 'N2P854', message: 'Step saved no x.', hint: 'It saved: y.' }, 404);
    }
    if (pathname.endsWith('/pipeline')) {
      return json(pipelineOf(['b a']));
    }
    if (pathname.endsWith('/log')) {
      return json({ text: '', offset: 0, next_offset: 0, size_bytes: 0, is_whole: true });
    }
    if (pathname.endsWith('/source')) {
      return json(content());
    }
    const made = { artifacts: [], metrics: [], inputs: [], data: [], cached_from: 'r0' };
    const steps = [stepOf('a', { state: 'cached', ...made }), stepOf('b', { state: 'running' })];
    return json({ run: runOf('r1'), steps });
  };

  it('has the steps in the order of the notebook, and what they made once they have ended', async () => {
    const { asked, send, ...service } = fakeService(answer);
    const live = new LiveRuns(service);
    const model = new DetailModel(service, live, 'r1', 0);
    await until(model.changed, () => model.cachedFrom.length > 0 && model.source !== null);
    expect(['b', 'a']).toEqual(model.steps.map(each => each.step));
    expect(['r0']).toEqual(model.cachedFrom);
    const reads = () => asked.filter(each => each.url.endsWith('/runs/r1')).length;
    const before = reads();
    send({ kind: 'step', data: { run_id: 'r1', step: 'b', attempt: 1, state: 'succeeded' } });
    await until(model.changed, () => reads() > before);
    model.dispose();
    live.dispose();
  });

  it('keeps what it shows when the run is removed, and says why there is no preview', async () => {
    const { send, ...service } = fakeService(answer);
    const live = new LiveRuns(service);
    const model = new DetailModel(service, live, 'r1', 0);
    await until(model.changed, () => model.steps.length === 2 && model.source !== null);
    const saved = { step: 'a', artifact: 'x' };
    send({ kind: 'run-removed', data: { id: 'r1' } });
    expect([true, 2]).toEqual([model.shown.live?.isRemoved, model.steps.length]);
    model.previews.toggle(saved);
    await until(model.changed, () => model.previews.of(saved)?.problem !== null);
    expect('Step saved no x. It saved: y.').toBe(model.previews.of(saved)?.problem?.text);
    model.previews.toggle(saved);
    expect(null).toBe(model.previews.of(saved));
    model.dispose();
    live.dispose();
  });
});

it('names runs and sizes as people do', () => {
  expect('f3k7q2m').toBe(shortId('20261124-093015-f3k7q2m'));
  expect(['0 B', '999 B', '1.5 kB', '120 MB']).toEqual([0, 999, 1500, 120_000_000].map(sizeText));
});
