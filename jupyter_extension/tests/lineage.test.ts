import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import type { Lineage, LineageNode, LineageRun, StepRun } from '../src/api/types';
import { layoutLineage } from '../src/lineage/layout';
import { LineageModel } from '../src/lineage/model';
import { PAGE, pageKey, STARTS, visible } from '../src/lineage/visible';
import { factsOf, lookOf, sentenceOf, sizeText, subjectOf } from '../src/lineage/words';
import { json, later } from './helpers/server';
import { fakeService, runOf, stepOf, until } from './helpers/service';

const trans = nullTranslator.load('nb2pipe');

function step(name: string, values: Partial<StepRun> = {}): LineageNode {
  return { id: `step:r/${name}`, kind: 'step', run_id: 'r', step: stepOf(name, values), code: [] };
}

function file(path: string): LineageNode {
  return { id: `data:d:${path}`, kind: 'file', path, digest: 'd'.repeat(64), size_bytes: 1200 };
}

function value(name: string, type = 'list'): LineageNode {
  return {
    id: `artifact:e/${name}`,
    kind: 'artifact',
    name,
    digest: 'e',
    group: 0,
    size_bytes: 1,
    type,
    preview: ''
  };
}

/** A lineage of these nodes, each of which flows into the next, seen from the last one. */
function chain(...nodes: LineageNode[]): Lineage {
  const edges = nodes.slice(1).map((node, index) => ({ source: nodes[index]?.id ?? '', target: node.id }));
  const last = nodes.at(-1)?.id ?? '';
  return {
    target: { kind: 'artifact', run_id: '', step: '', name: '', digest: '', path: '' },
    starts: [last],
    upstream: nodes.map(node => node.id),
    downstream: [last],
    nodes,
    edges,
    runs: {},
    digest_now: '',
    is_cut: false
  };
}

/** A file that many steps read, seen from the file. */
function fan(count: number): Lineage {
  const source = file('/x.csv');
  const steps = Array.from({ length: count }, (_, index) => step(`s${index}`));
  return {
    ...chain(source, ...steps),
    starts: [source.id],
    upstream: [source.id],
    downstream: [source.id, ...steps.map(each => each.id)],
    edges: steps.map(each => ({ source: source.id, target: each.id }))
  };
}

describe('visible', () => {
  it('draws so many links, and says that there are more', () => {
    const answer = chain(file('/a.csv'), step('load'), value('rows'), step('train'), value('model'));
    expect(['artifact:e/model', 'step:r/train', 'artifact:e/rows', 'more:upstream:artifact:e/rows']).toEqual(
      visible(answer, 2, new Map()).nodes.map(node => node.id)
    );
    const pages = new Map([[pageKey('artifact:e/rows', 'upstream'), PAGE]]);
    const more = visible(answer, 2, pages).nodes.map(node => node.id);
    expect([true, false]).toEqual([more.includes('step:r/load'), more.includes('data:d:/a.csv')]);
    expect(5).toBe(visible(answer, Infinity, new Map()).nodes.length);
  });

  it('draws neighbours by pages, and no "1 more" in place of that one', () => {
    const key = pageKey('data:d:/x.csv', 'downstream');
    const found = visible(fan(20), 4, new Map());
    expect({ kind: 'more', id: key, count: 20 - PAGE, side: 'downstream' }).toEqual(
      found.nodes.find(node => node.kind === 'more')
    );
    expect(PAGE + 1).toBe(found.edges.length);
    expect(0).toBe(visible(fan(PAGE + 1), 4, new Map()).nodes.filter(node => node.kind === 'more').length);
    expect(1 + 2 * PAGE + 1).toBe(visible(fan(20), 4, new Map([[key, PAGE]])).nodes.length);
  });

  it('shows the newest of many that are meant', () => {
    const answer = {
      ...fan(9),
      starts: fan(9)
        .nodes.slice(1)
        .map(node => node.id)
    };
    const found = visible(answer, 1, new Map());
    expect(['step:r/s3', 'step:r/s8']).toEqual([[...found.centre][0], [...found.centre].at(-1)]);
    expect({ kind: 'more', id: STARTS, count: 9 - PAGE, side: 'upstream' }).toEqual(
      found.nodes.find(node => node.id === STARTS)
    );
  });
});

it('the layout leads from left to right', () => {
  const found = visible(chain(file('/a.csv'), step('load'), value('rows')), 4, new Map());
  const { boxes, edges } = layoutLineage(found);
  const lefts = ['data:d:/a.csv', 'step:r/load', 'artifact:e/rows'].map(id => boxes.get(id)?.x ?? NaN);
  expect([...lefts].sort((one, other) => one - other)).toEqual(lefts);
  expect(true).toBe(edges.every(edge => edge.points.length > 1));
});

describe('words', () => {
  const run = { ...runOf('r', { user: 'ann' }), notebook_digest: 'f00d'.repeat(16) } as unknown as LineageRun;

  it('say what a node is, and how the service knows it', () => {
    const made = value('model', 'sklearn.linear_model.LogisticRegression');
    const artifacts = [{ name: 'model', digest: 'e', group: 0, size_bytes: 1, type: '', preview: '' }];
    const maker = step('train', { artifacts, parameters: { rate: 0.5 } });
    const answer = { ...chain(file('/d/a.csv'), maker, made), runs: { r: run } };
    expect(['model', 'value']).toEqual([lookOf(made), lookOf(value('rows'))]);
    expect({ name: 'r/train/model', label: 'model' }).toEqual(subjectOf(made, answer));
    expect({ name: '/d/a.csv', digest: 'd'.repeat(64), label: 'a.csv' }).toEqual(
      subjectOf(file('/d/a.csv'), answer)
    );
    expect(['LogisticRegression']).toEqual(factsOf(made, answer, trans));
    for (const part of ['Step train', 'Run r', 'by ann', 'rate=0.5', 'code version f00df00d']) {
      expect(sentenceOf(maker, answer, trans)).toContain(part);
    }
    expect(['7 B', '1.2 kB', '3.5 GB', '']).toEqual([7, 1200, 3.5e9, null].map(sizeText));
  });
});

describe('LineageModel', () => {
  it('walks, goes back, and keeps what it shows when a name is unknown', async () => {
    const answer = chain(step('load'), value('rows'));
    const { asked, ...service } = fakeService(({ url }) =>
      url.includes('nosuch')
        ? json({ code: 'N2P701', message: 'Nothing.', hint: 'Look.' }, 404)
        : json(answer)
    );
    const model = new LineageModel(service.client);
    await model.walk({ name: 'r/load/rows', label: 'rows' });
    await model.walk({ name: 'r/score/error', kind: 'metric', label: 'error' });
    expect('?name=r%2Fscore%2Ferror&kind=metric').toBe(new URL(asked[1]?.url ?? '').search);
    await model.walk({ name: 'nosuch', label: 'nosuch' });
    expect(['Nothing.', 2]).toEqual([model.problem?.message, model.answer?.nodes.length]);
    await model.step(0);
    expect(['rows', null, 3]).toEqual([model.subject?.label, model.problem, model.trail.length]);
    await model.walk({ name: 'r/load', label: 'load' });
    expect(['rows', 'load']).toEqual(model.trail.map(each => each.label));
    model.dispose();
  });

  it('of answers that overtake each other shows the one asked for last', async () => {
    const slow = later<Response>();
    const [old, fresh] = [chain(step('old')), chain(step('new'))];
    const { client } = fakeService(({ url }) => (url.includes('old') ? slow.promise : json(fresh)));
    const model = new LineageModel(client);
    const first = model.walk({ name: 'old', label: 'old' });
    void model.walk({ name: 'new', label: 'new' });
    await until(model.changed, () => model.answer !== null);
    slow.resolve(json(old));
    await first;
    expect(['step:r/new']).toEqual(model.answer?.starts);
  });
});
