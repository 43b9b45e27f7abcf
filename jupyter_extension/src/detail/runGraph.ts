/** The picture of the pipeline that a run had, with how far its steps are. */

import { NotebookModel } from '@jupyterlab/notebook';
import type { INotebookContent } from '@jupyterlab/nbformat';
import { Signal } from '@lumino/signaling';

import type { Client } from '../api/client';
import type { Pipeline } from '../api/types';
import { GraphModel } from '../graph/graphModel';
import type { ShownRun } from '../run/shownRun';

export interface RunGraphOptions {
  client: Client;
  shown: ShownRun;
  pipeline: Pipeline;
  /** The notebook as it was. */
  source: INotebookContent;
}

export interface RunGraph {
  model: GraphModel;
  /** The id of a cell, by its index. */
  idOf: (index: number) => string | undefined;
  dispose: () => void;
}

/** A picture that stays as the run was, whatever becomes of the notebook. */
export function graphOfRun({ client, shown, pipeline, source }: RunGraphOptions): RunGraph {
  const notebook = new NotebookModel();
  notebook.fromJSON(source);
  const path = (): string => shown.live?.run?.notebook ?? 'notebook.ipynb';
  const quiet = {};
  const model = new GraphModel({
    notebook,
    path,
    client,
    direction: 'LR',
    pipeline: {
      pipeline,
      lastGood: pipeline,
      diagnostics: [],
      isBusy: false,
      problem: null,
      state: 'good',
      changed: new Signal<object, void>(quiet)
    },
    states: {
      stateOf: (_, step) => {
        const found = shown.live?.steps?.find(each => each.step === step);
        return found ? { state: found.state } : null;
      },
      changed: new Signal<object, string>(quiet)
    }
  });
  return {
    model,
    idOf: index => notebook.cells.get(index)?.id,
    dispose: () => {
      model.dispose();
      notebook.dispose();
    }
  };
}
