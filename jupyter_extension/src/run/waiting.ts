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
    if (event.kind === 'step' && event.data.state === 'waiting') {
      void this._look();
    } else if (event.kind === 'reset') {
      void this._look();
    }
  }

  /** What waits, each told once. */
  private async _look(): Promise<void> {
    const { service, trans, show } = this._options;
    const waiting = await service.client.get('/approvals').catch(() => []); // the next event asks again
    for (const { run_id: run, step, question, pipeline, notebook } of waiting) {
      const key = JSON.stringify([run, step]);
      if (!this._told.has(key)) {
        this._told.add(key);
        const name = PathExt.basename(notebook ?? pipeline);
        Notification.warning(trans.__('%1 waits at step %2: %3', name, step, question), {
          autoClose: false,
          actions: [{ label: trans.__('Show run'), callback: () => show(run) }]
        });
      }
    }
  }

  private readonly _told = new Set<string>();
}
