import { NotebookModel } from '@jupyterlab/notebook/lib/model';
import type { INotebookContent } from '@jupyterlab/nbformat';
import { describe, expect, it } from 'vitest';

import { Client } from '../src/api/client';
import { PipelineModel } from '../src/notebook/pipelineModel';
import { type Answering, fakeServer, json, later } from './helpers/server';
import { checked, sample } from './helpers/samples';

interface Sent {
  path: string;
  text: string;
}

function opened(content: INotebookContent, answer: Answering) {
  const notebook = new NotebookModel();
  notebook.fromJSON(content);
  const { settings, asked } = fakeServer(answer);
  const path = () => 'n.ipynb';
  const model = new PipelineModel({ model: notebook, path, client: new Client(settings), delayMs: 1 });
  const sent = () => asked.map(each => each.body as Sent);
  return { notebook, model, sent };
}

/** Settled when the model says what is waited for. */
function until(model: PipelineModel, fits: () => boolean): Promise<null> {
  const done = later<null>();
  const look = () => fits() && done.resolve(null);
  model.changed.connect(look);
  look();
  return done.promise;
}

const good = checked('check-three-steps');

describe('PipelineModel', () => {
  it('sends the notebook without outputs and holds the answer', async () => {
    const content = structuredClone(good.notebook);
    Object.assign(content.cells[3] ?? {}, {
      outputs: [{ output_type: 'stream', name: 'stdout', text: 'secret' }],
      execution_count: 7
    });
    const { model, sent } = opened(content, () => json(good.answer));
    expect('checking').toEqual(model.state);
    await until(model, () => model.state === 'good' && !model.isBusy);
    expect(['make', 'add', 'root']).toEqual(model.pipeline?.steps.map(step => step.name));
    expect([good.answer.pipeline, null]).toEqual([model.lastGood, model.problem]);
    const [first] = sent();
    expect('n.ipynb').toEqual(first?.path);
    expect(first?.text).not.toContain('secret');
    const cells = (JSON.parse(first?.text ?? '') as INotebookContent).cells;
    expect(good.notebook.cells.map(cell => cell.source)).toEqual(cells.map(cell => cell.source));
    expect(good.notebook.cells.map(cell => cell.metadata)).toEqual(cells.map(cell => cell.metadata));
  });

  it('has one request under way, and asks again once for all edits meanwhile', async () => {
    const first = later<Response>();
    const isAsked = later<null>();
    const { notebook, model, sent } = opened(good.notebook, () => {
      isAsked.resolve(null);
      return sent().length === 1 ? first.promise : json(good.answer);
    });
    await isAsked.promise;
    for (const text of ['a = 1', 'a = 2', 'a = 3']) {
      notebook.cells.get(1).sharedModel.setSource(text);
    }
    const isIdle = until(model, () => !model.isBusy && sent().length === 2);
    first.resolve(json(good.answer));
    await isIdle;
    expect([false, true]).toEqual(sent().map(each => each.text.includes('a = 3')));
  });

  it('asks after a change of tags, and not after one of outputs', async () => {
    const { notebook, model, sent } = opened(good.notebook, () => json(good.answer));
    await until(model, () => !model.isBusy && sent().length === 1);
    notebook.cells.get(3).sharedModel.setMetadata('collapsed', true);
    await until(model, () => !model.isBusy && sent().length === 2);
    expect(true).toEqual(model.isOfTheseCells);
    notebook.cells.get(3).setMetadata('tags', ['step:made']);
    expect(false).toEqual(model.isOfTheseCells);
    await until(model, () => !model.isBusy && sent().length === 3);
    expect(true).toEqual(model.isOfTheseCells);
    expect(sent()[2]?.text).toContain('step:made');
  });

  it('keeps the last good pipeline where there is none now', async () => {
    const broken = checked('check-broken');
    const answers = [good.answer, broken.answer];
    const { notebook, model, sent } = opened(good.notebook, () => json(answers[sent().length - 1]));
    await until(model, () => model.state === 'good');
    notebook.cells.get(1).sharedModel.setSource('(');
    await until(model, () => model.state === 'failed');
    expect([null, good.answer.pipeline]).toEqual([model.pipeline, model.lastGood]);
    expect(broken.answer.diagnostics).toEqual(model.diagnostics);
  });

  it('is failed where the run would be refused, though there is a pipeline', async () => {
    const refused = checked('check-undefined-name');
    const { model } = opened(refused.notebook, () => json(refused.answer));
    await until(model, () => model.state === 'failed');
    expect(['a', 'b']).toEqual(model.pipeline?.steps.map(step => step.name));
    expect(['N2P202']).toEqual(model.diagnostics.map(each => each.code));
  });

  it('is offline while the server is, keeps what it knew, and asks again on refresh', async () => {
    let isOff = false;
    const { notebook, model, sent } = opened(good.notebook, () =>
      isOff ? Promise.reject(new TypeError('Failed to fetch')) : json(good.answer)
    );
    await until(model, () => model.state === 'good' && !model.isBusy);
    isOff = true;
    notebook.cells.get(1).sharedModel.setSource('b = 1');
    await until(model, () => model.state === 'offline' && !model.isBusy);
    expect(good.answer.pipeline).toEqual(model.pipeline);
    isOff = false;
    model.refresh();
    await until(model, () => model.state === 'good' && !model.isBusy);
    expect(3).toEqual(sent().length);
  });

  it('says what the service says where it refuses to look', async () => {
    const problem = sample<{ status: number; answer: { code: string } }>('problem-unknown-run');
    const { model } = opened(good.notebook, () => json(problem.answer, problem.status));
    await until(model, () => model.state === 'failed');
    expect([problem.answer.code, null]).toEqual([model.problem?.code, model.pipeline]);
  });

  it('is silent once it is disposed', async () => {
    const waiting = later<Response>();
    const isAsked = later<null>();
    const { notebook, model, sent } = opened(good.notebook, () => {
      isAsked.resolve(null);
      return waiting.promise;
    });
    await isAsked.promise;
    model.dispose();
    waiting.resolve(json(good.answer));
    notebook.cells.get(1).sharedModel.setSource('b = 1');
    await waiting.promise;
    expect(['checking', 1]).toEqual([model.state, sent().length]);
  });
});
