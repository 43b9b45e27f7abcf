/** A server that answers as a test says, through JupyterLab's own seam: the `fetch` of its settings. */

import { ServerConnection } from '@jupyterlab/services';

export interface Request {
  method: string;
  url: string;
  headers: Headers;
  body: unknown;
}
export type Answering = (request: Request) => Response | Promise<Response>;

/** Settings whose requests go to `answer`, and the requests so far. */
export function fakeServer(answer: Answering): { settings: ServerConnection.ISettings; asked: Request[] } {
  const asked: Request[] = [];
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://lab.test/user/ann/',
    token: 'secret',
    fetch: async (input, init) => {
      const given = new globalThis.Request(input, init);
      const text = await given.clone().text();
      const request = {
        method: given.method,
        url: given.url.replace(/[?&]\d+$/, ''), // JupyterLab's way around caches
        headers: given.headers,
        body: text ? (JSON.parse(text) as unknown) : undefined
      };
      asked.push(request);
      return answer(request);
    }
  });
  return { settings, asked };
}

/** An answer in JSON. */
export function json(data: unknown, status = 200): Response {
  return new Response(JSON.stringify(data), { status, headers: { 'Content-Type': 'application/json' } });
}

/** Something to be settled from outside. */
export function later<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
