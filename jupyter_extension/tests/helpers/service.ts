/** The service as models know it: a client that answers as a test says, and events that a test sends. */

import { Signal } from '@lumino/signaling';

import { Client } from '../../src/api/client';
import type { EventFeed, FeedEvent } from '../../src/api/events';
import type { Run, StepRun } from '../../src/api/types';
import { fakeServer, type Answering, type Request } from './server';

export interface FakeService {
  client: Client;
  events: EventFeed;
  asked: Request[];
  send: (event: FeedEvent) => void;
  connect: (isConnected: boolean) => void;
}

export function fakeService(answer: Answering): FakeService {
  const { settings, asked } = fakeServer(answer);
  const owner = { isConnected: true };
  const received = new Signal<object, FeedEvent>(owner);
  const connectedChanged = new Signal<object, boolean>(owner);
  const events = Object.assign(owner, { received, connectedChanged }) as unknown as EventFeed;
  return {
    client: new Client(settings),
    events,
    asked,
    send: event => received.emit(event),
    connect: isConnected => {
      owner.isConnected = isConnected;
      connectedChanged.emit(isConnected);
    }
  };
}

/** A run of `n.ipynb`, as far as models look at it. */
export function runOf(id: string, values: Partial<Run> = {}): Run {
  const run: Partial<Run> = {
    id,
    notebook: 'n.ipynb',
    notebook_path: '/srv/n.ipynb',
    state: 'running',
    created_at: `2026-11-28T12:00:0${id.length}Z`,
    parameters: {},
    metrics: {},
    ...values
  };
  return run as Run;
}

export function stepOf(step: string, values: Partial<StepRun> = {}): StepRun {
  const found: Partial<StepRun> = {
    step,
    state: 'queued',
    attempt: 1,
    started_at: null,
    ended_at: null,
    duration_s: null,
    cells: [],
    cells_total: 2,
    failure: null,
    reason: '',
    ...values
  };
  return found as StepRun;
}

/** Settled once a condition holds, which is looked at after each emission. */
export function until<S, T>(
  signal: { connect(slot: (sender: S, args: T) => void): boolean },
  isMet: () => boolean
): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => (isMet() ? resolve() : undefined);
    signal.connect(look);
    look();
  });
}
