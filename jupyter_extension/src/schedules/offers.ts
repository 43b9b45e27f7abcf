/** What a schedule can choose from: targets, and channels for notices. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import type { ApiError } from '../api/errors';
import type { Target } from '../api/types';
import { asError } from './body';

export class Offers implements IDisposable {
  /** @param isNew whether another target can be chosen */
  constructor(
    private readonly _client: Client,
    isNew: boolean
  ) {
    void this._loadChannels();
    if (isNew) {
      void this._loadTargets();
    }
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Engines elsewhere that a new schedule can be on. */
  get targets(): readonly Target[] {
    return this._targets;
  }

  /** Names of the channels that notices go by. */
  get channels(): readonly string[] {
    return this._channels;
  }

  /** Why the channels are not known; null where they are. */
  get channelsError(): ApiError | null {
    return this._channelsError;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._abort.abort();
      Signal.clearData(this);
    }
  }

  private async _loadTargets(): Promise<void> {
    try {
      this._targets = await this._client.get('/targets', { signal: this._abort.signal });
    } catch {
      return; // it stays on this machine
    }
    this._emit();
  }

  private async _loadChannels(): Promise<void> {
    try {
      const found = await this._client.get('/channels', { signal: this._abort.signal });
      this._channels = found.map(each => each.name);
    } catch (error) {
      this._channelsError = asError(error);
    }
    this._emit();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _abort = new AbortController();
  private _targets: readonly Target[] = [];
  private _channels: readonly string[] = [];
  private _channelsError: ApiError | null = null;
  private _isDisposed = false;
}
