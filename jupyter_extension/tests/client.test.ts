import { describe, expect, it } from 'vitest';

import { Client } from '../src/api/client';
import { ApiError } from '../src/api/errors';
import { fakeServer, json } from './helpers/server';
import { checked, sample } from './helpers/samples';

const caught = (asked: Promise<unknown>): Promise<ApiError> =>
  asked.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (error: ApiError) => error
  );

describe('Client', () => {
  it('fills paths and queries, sends JSON with the token, and gives the answer', async () => {
    const { answer } = checked('check-three-steps');
    const { settings, asked } = fakeServer(() => json(answer));
    const client = new Client(settings);
    const body = { path: 'a b.ipynb', text: '{}' };
    expect(answer).toEqual(await client.post('/notebooks/check', { body }));
    await client.get('/runs/{run}', { params: { run: 'a/b?' } });
    await client.get('/runs', { query: { state: ['failed', 'running'], limit: 5 } });
    const [first, second, third] = asked;
    expect(body).toEqual(first?.body);
    expect('token secret').toEqual(first?.headers.get('Authorization'));
    expect('http://lab.test/user/ann/nb2pipe/api/notebooks/check').toEqual(first?.url);
    expect('http://lab.test/user/ann/nb2pipe/api/runs/a%2Fb%3F').toEqual(second?.url);
    expect('?state=failed&state=running&limit=5').toEqual(new URL(third?.url ?? '').search);
  });

  it('says what the service says of a refusal', async () => {
    const { status, answer } = sample<{ status: number; answer: { message: string } }>('problem-unknown-run');
    const client = new Client(fakeServer(() => json(answer, status)).settings);
    const error = await caught(client.get('/runs/{run}', { params: { run: 'nosuch' } }));
    expect(['N2P854', 404, answer.message]).toEqual([error.code, error.status, error.message]);
    expect([false, false]).toEqual([error.isMissing, error.isOffline]);
  });

  it('tells a missing service and a server out of reach apart', async () => {
    const missing = new Client(fakeServer(() => new Response('<html>404</html>', { status: 404 })).settings);
    expect(true).toEqual((await caught(missing.get('/runs'))).isMissing);
    const off = new Client(fakeServer(() => Promise.reject(new TypeError('Failed to fetch'))).settings);
    expect([true, false]).toEqual([(await caught(off.get('/runs'))).isOffline, false]);
  });
});
