/** Answers of the real service; tests/server/test_samples.py holds them against it. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { INotebookContent } from '@jupyterlab/nbformat';

import type { CheckAnswer } from '../../src/notebook/pipelineModel';

const FOLDER = resolve(__dirname, '../../../tests/server/samples');

/** The text of a sample, parsed. */
export function sample<T>(name: string): T {
  return JSON.parse(readFileSync(resolve(FOLDER, `${name}.json`), 'utf-8')) as T;
}

/** A notebook, and what the service says of it. */
export function checked(name: string): { notebook: INotebookContent; answer: CheckAnswer } {
  return sample(name);
}
