/** Asks the service, typed by its own description. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { ApiError, errorOf } from './errors';
import type { paths } from './schema';

/** Path of the service below the server's address. */
export const ROOT = 'nb2pipe/api';

export type Method = 'get' | 'post' | 'patch' | 'delete';
type Path = keyof paths;
type Operation<P extends Path, M extends Method> = Exclude<paths[P][M], undefined>;

/** Paths that have an operation of this method. */
export type PathOf<M extends Method> = {
  [P in Path]: [Operation<P, M>] extends [never] ? never : P;
}[Path];

type Given<T, K extends string> = T extends { parameters: { [key in K]: infer G } } ? G : never;
type JsonOf<T> = T extends { content: { 'application/json': infer J } }
  ? J
  : T extends { content: Record<string, infer Other> }
    ? Other
    : never;
type Member<K extends string, V> = [V] extends [never | undefined]
  ? { [key in K]?: undefined }
  : undefined extends V
    ? { [key in K]?: Exclude<V, undefined> }
    : { [key in K]: V };
type BodyOf<T> = T extends { requestBody: infer B } ? JsonOf<B> : never;
type QueryOf<T> = T extends { parameters: { query?: infer Q } } ? Q | undefined : never;

/** What an operation takes: `params` fill the braces of its path. */
export type Asked<P extends Path, M extends Method> = Member<'params', Given<Operation<P, M>, 'path'>> &
  Member<'query', QueryOf<Operation<P, M>>> &
  Member<'body', BodyOf<Operation<P, M>>> & { signal?: AbortSignal };

/** What an operation answers with when all goes well. */
export type Answer<P extends Path, M extends Method> =
  Operation<P, M> extends { responses: infer R }
    ? { [S in keyof R]: S extends 200 | 201 | 202 ? JsonOf<R[S]> : never }[keyof R]
    : never;

// A part of the path, a query or a body may be left out where nothing in it is required.
type Arguments<T> = Record<string, never> extends Omit<T, 'signal'> ? [asked?: T] : [asked: T];

type Query = Readonly<Record<string, unknown>>;
interface Loose {
  params?: Readonly<Record<string, string>> | undefined;
  query?: Query | undefined;
  body?: unknown;
  signal?: AbortSignal;
}

/** The service as seen from here. It holds no state. */
export class Client {
  constructor(readonly settings: ServerConnection.ISettings = ServerConnection.makeSettings()) {}

  /** @throws ApiError */
  get<P extends PathOf<'get'>>(path: P, ...[asked]: Arguments<Asked<P, 'get'>>): Promise<Answer<P, 'get'>> {
    return this._ask('GET', path, asked as Loose | undefined);
  }

  /** @throws ApiError */
  post<P extends PathOf<'post'>>(
    path: P,
    ...[asked]: Arguments<Asked<P, 'post'>>
  ): Promise<Answer<P, 'post'>> {
    return this._ask('POST', path, asked as Loose | undefined);
  }

  /** @throws ApiError */
  patch<P extends PathOf<'patch'>>(
    path: P,
    ...[asked]: Arguments<Asked<P, 'patch'>>
  ): Promise<Answer<P, 'patch'>> {
    return this._ask('PATCH', path, asked as Loose | undefined);
  }

  /** @throws ApiError */
  delete<P extends PathOf<'delete'>>(
    path: P,
    ...[asked]: Arguments<Asked<P, 'delete'>>
  ): Promise<Answer<P, 'delete'>> {
    return this._ask('DELETE', path, asked as Loose | undefined);
  }

  /** The address of a page or file of the service, such as a report. */
  url(path: string, params: Readonly<Record<string, string>> = {}, query: Query = {}): string {
    const filled = path.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    return URLExt.join(this.settings.baseUrl, ROOT, filled) + queryText(query);
  }

  /**
   * One request, whose answer is good.
   * @throws ApiError
   */
  async request(method: string, url: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, { ...init, method }, this.settings);
    } catch (error) {
      if (init.signal?.aborted) {
        throw error;
      }
      throw new ApiError({ message: 'The Jupyter server cannot be reached.' }, 0);
    }
    if (!response.ok) {
      throw errorOf(response.status, response.statusText, await response.text());
    }
    return response;
  }

  private async _ask<T>(method: string, path: string, asked: Loose = {}): Promise<T> {
    const init: RequestInit = asked.signal ? { signal: asked.signal } : {};
    if (asked.body !== undefined) {
      init.body = JSON.stringify(asked.body);
      init.headers = { 'Content-Type': 'application/json' };
    }
    const response = await this.request(method, this.url(path, asked.params, asked.query), init);
    const isJson = (response.headers.get('Content-Type') ?? '').startsWith('application/json');
    return (isJson ? await response.json() : await response.text()) as T;
  }
}

function queryText(query: Query): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) {
        words.append(name, String(each));
      }
    }
  }
  const text = words.toString();
  return text ? `?${text}` : '';
}
