/** The heads of values that steps saved, asked for when one wants to see them. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { components } from '../api/schema';

export type ArtifactPreview = components['schemas']['ArtifactPreview'];
export type Summary = components['schemas']['Summary'];

/** Both null while it is asked for. */
export interface PreviewState {
  preview: ArtifactPreview | null;
  problem: ApiError | null;
}

export class Previews implements IDisposable {
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

  /** Null where it is not shown. */
  of(step: string, artifact: string): PreviewState | null {
    return this._open.get(keyOf(step, artifact)) ?? null;
  }

  /** Show it, or no more. */
  toggle(step: string, artifact: string): void {
    const key = keyOf(step, artifact);
    if (!this._open.delete(key)) {
      this._open.set(key, { preview: null, problem: null });
      void this._read(step, artifact);
    }
    this._changed.emit();
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private async _read(step: string, artifact: string): Promise<void> {
    const found: PreviewState = { preview: null, problem: null };
    try {
      found.preview = await this._client.get('/runs/{run}/steps/{step}/artifacts/{artifact}/preview', {
        params: { run: this._run, step, artifact }
      });
    } catch (error) {
      found.problem = error instanceof ApiError ? error : new ApiError({ message: String(error) }, 500);
    }
    const key = keyOf(step, artifact);
    if (this._open.has(key)) {
      this._open.set(key, found);
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _open = new Map<string, PreviewState>();
  private _isDisposed = false;
}

function keyOf(step: string, artifact: string): string {
  return `${step}/${artifact}`;
}
