/** What the cells of steps showed: pictures as pictures, all else as text; read when one wants to see it. */

import type { IDisplayData, IExecuteResult, INotebookContent, IOutput } from '@jupyterlab/nbformat';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { LiveStep } from '../run/liveSteps';

/** One picture or text; never HTML. */
export type ShownOutput = { kind: 'picture'; url: string } | { kind: 'text'; text: string; isCut: boolean };

/** Both null while it is asked for. */
export interface OutputsState {
  outputs: readonly ShownOutput[] | null;
  problem: ApiError | null;
}

type StepName = Pick<LiveStep, 'step' | 'attempt'>;

const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const SVG = 'image/svg+xml';
const MOST_TEXT = 20_000;

export class Outputs implements IDisposable {
  constructor(
    private readonly _client: Pick<Client, 'get'>,
    private readonly _run: string
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Null where they are not shown. */
  of(step: StepName): OutputsState | null {
    return this._open.get(keyOf(step)) ?? null;
  }

  /** Show them, or no more. */
  toggle(step: StepName): void {
    const key = keyOf(step);
    if (!this._open.delete(key)) {
      this._open.set(key, { outputs: null, problem: null });
      void this._read(step);
    }
    this._changed.emit();
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private async _read({ step, attempt }: StepName): Promise<void> {
    const found: OutputsState = { outputs: null, problem: null };
    try {
      const content = await this._client.get('/runs/{run}/steps/{step}/notebook', {
        params: { run: this._run, step },
        query: { attempt }
      });
      found.outputs = outputsOf(content as INotebookContent);
    } catch (error) {
      found.problem = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
    }
    const key = keyOf({ step, attempt });
    if (this._open.has(key)) {
      this._open.set(key, found);
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _open = new Map<string, OutputsState>();
  private _isDisposed = false;
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

function keyOf({ step, attempt }: StepName): string {
  return `${step}/${attempt}`;
}
