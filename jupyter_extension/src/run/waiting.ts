/** Tells that a run waits for a person, and hands in what that person decides. */

import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { FeedEvent } from '../api/events';
import type { INb2pipe } from '../tokens';

export interface WaitingOptions {
  service: INb2pipe;
  trans: TranslationBundle;
  /** Shows a run. */
  show: (run: string) => void;
}

export class Waiting {
  constructor(private readonly _options: WaitingOptions) {
    const { service } = _options;
    service.events.received.connect((_, event) => this._onEvent(event));
    void service.ready.then(isThere => (isThere ? this._look() : undefined));
  }

  /**
   * Decide about a step that waits; events tell what becomes of it.
   * @throws ApiError
   */
  async decide(run: string, step: string, isApproved: boolean, why: string): Promise<void> {
    const { client } = this._options.service;
    const asked = { params: { run, step }, body: { why } };
    await (isApproved
      ? client.post('/runs/{run}/steps/{step}/approve', asked)
      : client.post('/runs/{run}/steps/{step}/reject', asked));
  }

  private _onEvent(event: FeedEvent): void {
    const isAbout =
      event.kind === 'step' &&
      (event.data.state === 'waiting' || this._told.has(keyOf(event.data.run_id, event.data.step)));
    if (isAbout || event.kind === 'reset') {
      void this._look();
    }
  }

  /** What waits, each told once; what does not wait any more is taken back. */
  private async _look(): Promise<void> {
    const { service, trans, show } = this._options;
    const waiting = await service.client.get('/approvals').catch(() => null);
    if (!waiting) {
      return; // the next event asks again
    }
    const keys = new Set(waiting.map(each => keyOf(each.run_id, each.step)));
    for (const [key, id] of this._told) {
      if (!keys.has(key)) {
        this._told.delete(key);
        Notification.dismiss(id);
      }
    }
    for (const { run_id: run, step, question, pipeline, notebook } of waiting) {
      const key = keyOf(run, step);
      if (!this._told.has(key)) {
        const name = PathExt.basename(notebook ?? pipeline);
        const id = Notification.warning(trans.__('%1 waits at step %2: %3', name, step, question), {
          autoClose: false,
          actions: [{ label: trans.__('Show run'), callback: () => show(run) }]
        });
        this._told.set(key, id);
      }
    }
  }

  /** Steps that wait to the ids of their notifications. */
  private readonly _told = new Map<string, string>();
}

function keyOf(run: string, step: string): string {
  return JSON.stringify([run, step]);
}
