import type { INotebookContent, IOutput } from '@jupyterlab/nbformat';
import { describe, expect, it } from 'vitest';

import { outputsOf, outputsOfRun } from '../src/detail/outputs';
import { json } from './helpers/server';
import { fakeService, until } from './helpers/service';

const shown = (data: Record<string, string | string[]>): IOutput => ({
  output_type: 'display_data',
  data,
  metadata: {}
});
const content = (...outputs: IOutput[]): INotebookContent => ({
  cells: [
    { cell_type: 'markdown', source: '# A', metadata: {} },
    { cell_type: 'code', source: 'x', metadata: {}, outputs, execution_count: 1 }
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5
});

describe('outputsOf', () => {
  it('makes pictures of pictures and text of all else', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const found = outputsOf(
      content(
        shown({ 'image/png': ['iVBO\n', 'Rw0=\n'], 'text/plain': '<Figure>' }),
        shown({ 'text/html': '<b>1</b>', 'text/plain': ['  a\n', '0 1'] }),
        shown({ 'image/svg+xml': svg }),
        { output_type: 'stream', name: 'stdout', text: 'printed' }
      )
    );
    expect([
      { kind: 'picture', url: 'data:image/png;base64,iVBORw0=' },
      { kind: 'text', text: '  a\n0 1', isCut: false },
      { kind: 'picture', url: `data:image/svg+xml,${encodeURIComponent(svg)}` }
    ]).toEqual(found);
  });

  it('takes nothing for a picture that is none, and no HTML or script at all', () => {
    const found = outputsOf(
      content(
        shown({ 'image/png': '"><script>', 'text/plain': 'p' }),
        shown({ 'text/html': '<script>alert(1)</script>' }),
        shown({ 'application/javascript': 'alert(1)' })
      )
    );
    expect([{ kind: 'text', text: 'p', isCut: false }]).toEqual(found);
  });

  it('cuts a long text', () => {
    const [found] = outputsOf(content(shown({ 'text/plain': 'x'.repeat(20_001) })));
    expect({ kind: 'text', text: 'x'.repeat(20_000), isCut: true }).toEqual(found);
  });
});

describe('outputsOfRun', () => {
  const step = { step: 'a', attempt: 2 };

  it('asks for the attempt that is shown, once it is to be shown', async () => {
    const { asked, client } = fakeService(() => json(content(shown({ 'text/plain': '7' }))));
    const outputs = outputsOfRun(client, 'r1');
    outputs.toggle(step);
    await until(outputs.changed, () => outputs.of(step)?.value !== null);
    expect([{ kind: 'text', text: '7', isCut: false }]).toEqual(outputs.of(step)?.value);
    expect(true).toBe(asked.some(each => each.url.endsWith('/runs/r1/steps/a/notebook?attempt=2')));
    outputs.toggle(step);
    expect(null).toBe(outputs.of(step));
    outputs.dispose();
  });

  it('says why there are none', async () => {
    const problem = { code: 'N2P801', message: 'It is gone.', hint: 'Run it again.' };
    const { client } = fakeService(() => json(problem, 404));
    const outputs = outputsOfRun(client, 'r1');
    outputs.toggle(step);
    await until(outputs.changed, () => outputs.of(step)?.problem !== null);
    expect('It is gone.').toBe(outputs.of(step)?.problem?.message);
    outputs.dispose();
  });
});
