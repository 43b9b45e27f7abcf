/** Finds out whether the service is there, and listens to it from then on. */

import { Signal, type ISignal } from '@lumino/signaling';
import { PromiseDelegate } from '@lumino/coreutils';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import { EventFeed } from '../api/events';
import type { INb2pipe } from '../tokens';

const AGAIN_MS = 5000;

export class Service implements INb2pipe {
  /** @param client asks the service */
  constructor(
    readonly client: Client,
    private readonly _againMs = AGAIN_MS
  ) {
    this.events = new EventFeed({ client });
  }

  readonly events: EventFeed;

  get isAvailable(): boolean {
    return this._isAvailable;
  }

  get availableChanged(): ISignal<this, boolean> {
    return this._availableChanged;
  }

  get ready(): Promise<boolean> {
    return this._ready.promise;
  }

  /** Emitted once where the server has no such service. */
  get missing(): ISignal<this, void> {
    return this._missing;
  }

  /** Ask whether it is there. A server out of reach is asked again until it answers. */
  async start(): Promise<void> {
    try {
      await this.client.get('/step-settings');
    } catch (error) {
      if (error instanceof ApiError && error.isMissing) {
        this._missing.emit();
        this._ready.resolve(false);
      } else {
        setTimeout(() => void this.start(), this._againMs);
      }
      return;
    }
    this._isAvailable = true;
    this._availableChanged.emit(true);
    this._ready.resolve(true);
    this.events.start();
  }

  private readonly _ready = new PromiseDelegate<boolean>();
  private readonly _availableChanged = new Signal<this, boolean>(this);
  private readonly _missing = new Signal<this, void>(this);
  private _isAvailable = false;
}
