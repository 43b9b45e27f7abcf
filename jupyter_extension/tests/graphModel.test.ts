import { NotebookModel } from '@jupyterlab/notebook/lib/model';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import { Client } from '../src/api/client';
import type { Pipeline } from '../src/api/types';
import { GraphModel } from '../src/graph/graphModel';
import { search } from '../src/graph/flow';
import type { CheckAnswer } from '../src/notebook/pipelineModel';
import { PipelineModel } from '../src/notebook/pipelineModel';
import type { IStepStates } from '../src/notebook/stepStates';
import { pipelineOf } from './helpers/pipelines';
import { fakeServer, json, later, type Request } from './helpers/server';
import { checked } from './helpers/samples';

const good = checked('check-three-steps');
const longChain = Array.from({ length: 30 }, (_, index) => `s${index}`).join(' ');

/** A graph of a notebook, of which the service says what `answers` has, one after the other. */
async function opened(answers: readonly Partial<CheckAnswer>[], states: IStepStates | null = null) {
  const notebook = new NotebookModel();
  notebook.fromJSON(good.notebook);
  let checks = 0;
  const answer = (request: Request): Response =>
    request.url.endsWith('/why')
      ? json({ reasons: ['Cell 5 uses `xs`, which cell 4 binds.'] })
      : json({ ...good.answer, ...answers[Math.min(checks++, answers.length - 1)] });
  const { settings, asked } = fakeServer(answer);
  const client = new Client(settings);
  const path = () => 'n.ipynb';
  const pipeline = new PipelineModel({ model: notebook, path, client, delayMs: 1 });
  const model = new GraphModel({ notebook, path, pipeline, client, states, direction: 'TB' });
  await until(model, () => pipeline.state !== 'checking' && !pipeline.isBusy);
  return { model, notebook, asked };
}

function until(model: GraphModel, fits: () => boolean): Promise<null> {
  const done = later<null>();
  const look = () => fits() && done.resolve(null);
  model.changed.connect(look);
  look();
  return done.promise;
}

const edit = (notebook: NotebookModel): void => notebook.cells.get(4).sharedModel.setSource('total = (');
const refused = (pipeline: Pipeline | null): Partial<CheckAnswer> => ({ is_refused: true, pipeline });

describe('GraphModel', () => {
  it('knows the step of a cell, and the cell of a step, also after cells moved', async () => {
    const { model, notebook } = await opened([good.answer]);
    expect(null).toEqual(model.currentStep);
    model.setActiveCell('id-6');
    expect('root').toEqual(model.currentStep);
    model.setActiveCell('id-1');
    expect(null).toEqual(model.currentStep);
    expect({ id: 'id-4', index: 4, line: null }).toEqual(model.startOf('add'));
    expect({ id: 'id-6', index: 6, line: 1 }).toEqual(model.useOf('add', 'root'));
    notebook.sharedModel.moveCell(4, 0);
    expect('id-4').toEqual(model.startOf('add')?.id);
  });

  it.each([null, { ...(good.answer.pipeline as Pipeline), edges: [] }])(
    'keeps the last good picture while the notebook would be refused',
    async broken => {
      const { model, notebook } = await opened([good.answer, refused(broken)]);
      expect([3, false]).toEqual([model.layout.edges.length, model.isOld]);
      edit(notebook);
      await until(model, () => model.source.state === 'failed');
      expect([3, true]).toEqual([model.layout.edges.length, model.isOld]);
    }
  );

  it('shows new steps of a notebook that would be refused', async () => {
    const { model, notebook } = await opened([good.answer, refused(pipelineOf(['make add root more']))]);
    edit(notebook);
    await until(model, () => model.source.state === 'failed');
    expect([4, false]).toEqual([model.layout.nodes.length, model.isOld]);
  });

  it('folds chains where there are many steps, and unfolds one or all', async () => {
    const { model } = await opened([{ pipeline: pipelineOf([`a ${longChain} z`, 'a x z']) }]);
    expect(['a', 'chain:s0', 'z', 'x']).toEqual(model.layout.nodes.map(node => node.id));
    expect(['chain:s0']).toEqual(search(model, 'S17').map(node => node.id));
    model.unfold('chain:s0');
    expect(33).toEqual(model.layout.nodes.length);
    model.setFolded(true);
    expect(4).toEqual(model.layout.nodes.length);
    model.setFolded(false);
    expect(['x']).toEqual(search(model, ' x ').map(node => node.id));
    expect([]).toEqual(search(model, ' '));
  });

  it('asks why an edge is there with the text as it is, and forgets it when it is closed', async () => {
    const { model, notebook, asked } = await opened([good.answer]);
    notebook.cells.get(0).sharedModel.setSource('# Newer');
    const [edge] = model.pipeline?.edges ?? [];
    if (edge) {
      await model.explanation.explain(edge);
    }
    expect(['Cell 5 uses `xs`, which cell 4 binds.']).toEqual(model.explanation.reasons);
    const body = asked.find(each => each.url.endsWith('/why'))?.body as Record<string, string>;
    expect(['make', 'add', 'n.ipynb']).toEqual([body['source'], body['target'], body['path']]);
    expect(body['text']).toContain('# Newer');
    model.explanation.close();
    expect([null, null]).toEqual([model.explanation.edge, model.explanation.reasons]);
  });

  it('shows states of its own notebook only', async () => {
    const owner = {};
    const changed = new Signal<object, string>(owner);
    const stateOf = (path: string, step: string) =>
      path === 'n.ipynb' && step === 'add' ? { state: 'running' as const, cell: 4 } : null;
    const { model } = await opened([good.answer], { changed, stateOf });
    expect([{ state: 'running', cell: 4 }, null]).toEqual([model.stateOf('add'), model.stateOf('root')]);
    let emitted = 0;
    model.changed.connect(() => (emitted += 1));
    changed.emit('other.ipynb');
    changed.emit('n.ipynb');
    expect(1).toEqual(emitted);
    model.dispose();
    changed.emit('n.ipynb');
    expect(1).toEqual(emitted);
  });
});
