/** What the cells of steps showed: pictures as pictures, all else as text; read when one wants to see it. */

import type { IDisplayData, IExecuteResult, INotebookContent, IOutput } from '@jupyterlab/nbformat';

import type { Client } from '../api/client';
import type { LiveStep } from '../run/liveSteps';
import { Unfolded } from './unfolded';

/** One picture or text; never HTML. */
export type ShownOutput = { kind: 'picture'; url: string } | { kind: 'text'; text: string; isCut: boolean };

type StepName = Pick<LiveStep, 'step' | 'attempt'>;

const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const SVG = 'image/svg+xml';
const MOST_TEXT = 20_000;

export type Outputs = Unfolded<StepName, ShownOutput[]>;

export function outputsOfRun(client: Pick<Client, 'get'>, run: string): Outputs {
  return new Unfolded(
    async ({ step, attempt }) => {
      const params = { run, step };
      const content = await client.get('/runs/{run}/steps/{step}/notebook', { params, query: { attempt } });
      return outputsOf(content as INotebookContent);
    },
    ({ step, attempt }) => `${step}/${attempt}`
  );
}

/** What cells displayed, in their order; what they printed is the log's. */
export function outputsOf(content: INotebookContent): ShownOutput[] {
  return content.cells
    .filter(cell => cell.cell_type === 'code')
    .flatMap(cell => (cell['outputs'] as IOutput[] | undefined) ?? [])
    .filter(isShown)
    .flatMap(output => shownOf(output.data));
}

function isShown(output: IOutput): output is IDisplayData | IExecuteResult {
  return output.output_type === 'display_data' || output.output_type === 'execute_result';
}

function shownOf(data: IDisplayData['data']): ShownOutput[] {
  for (const type of PICTURES) {
    const bytes = textOf(data[type]).replace(/\s/g, '');
    if (bytes && /^[A-Za-z0-9+/]+=*$/.test(bytes)) {
      return [{ kind: 'picture', url: `data:${type};base64,${bytes}` }];
    }
  }
  const drawing = textOf(data[SVG]);
  if (drawing) {
    // As the source of an <img> it runs no script and loads nothing.
    return [{ kind: 'picture', url: `data:${SVG},${encodeURIComponent(drawing)}` }];
  }
  const text = textOf(data['text/plain']);
  return text ? [{ kind: 'text', text: text.slice(0, MOST_TEXT), isCut: text.length > MOST_TEXT }] : [];
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join('') : typeof value === 'string' ? value : '';
}
