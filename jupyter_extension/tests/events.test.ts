import { describe, expect, it } from 'vitest';

import { Client } from '../src/api/client';
import { EventFeed, type FeedEvent } from '../src/api/events';
import { EventParser } from '../src/api/sse';
import { fakeServer, later } from './helpers/server';

const HELLO = 'id: e-0\nevent: hello\ndata: {"version": "1"}\n\n';
const GONE = 'id: e-7\nevent: run-removed\ndata: {"id": "r"}\n\n';

/** A stream that ends after its pieces, or stays open. */
const stream = (pieces: string[], isOpen = false): Response =>
  new Response(
    new ReadableStream({
      start(control) {
        pieces.forEach(piece => control.enqueue(new TextEncoder().encode(piece)));
        if (!isOpen) {
          control.close();
        }
      }
    }),
    { headers: { 'Content-Type': 'text/event-stream' } }
  );

describe('EventParser', () => {
  it('finds the same events wherever the pieces end', () => {
    const text = `retry: 2000\n${HELLO}: alive\n\n${GONE}`;
    const whole = new EventParser().take(text);
    expect(['hello', 'run-removed']).toEqual(whole.map(each => each.kind));
    const parser = new EventParser();
    expect(whole).toEqual(Array.from(text).flatMap(sign => parser.take(sign)));
  });
});

describe('EventFeed', () => {
  it('comes back after the connection ends, from the last event that it saw', async () => {
    const answers = [stream([HELLO, GONE]), new Response('', { status: 503 }), stream([HELLO], true)];
    const { settings, asked } = fakeServer(() => answers[asked.length - 1] ?? stream([], true));
    const feed = new EventFeed({ client: new Client(settings), run: ['r'], logs: true, pauseMs: 1 });
    const seen: FeedEvent['kind'][] = [];
    const states: boolean[] = [];
    const isBack = later<null>();
    feed.received.connect((_, event) => {
      seen.push(event.kind);
      if (seen.length === 3) {
        isBack.resolve(null);
      }
    });
    feed.connectedChanged.connect((_, isConnected) => states.push(isConnected));
    feed.start();
    feed.start();
    await isBack.promise;
    expect(['hello', 'run-removed', 'hello']).toEqual(seen);
    expect([true, false, true]).toEqual(states);
    expect(['?run=r&logs=true', '?run=r&logs=true&last_event_id=e-7']).toEqual(
      asked.slice(0, 2).map(each => new URL(each.url).search)
    );
    expect(3).toEqual(asked.length);
    feed.dispose();
  });
});
