/** What goes wrong when the service is asked. */

import type { Diagnostic, Problem } from './types';

/** A refusal or fault of the service, or no answer at all (status 0). */
export class ApiError extends Error {
  /**
   * @param problem the service's own JSON, as far as it is known
   * @param status of HTTP; 0 where no answer came
   */
  constructor(problem: Partial<Problem> & { message: string }, status: number) {
    super(problem.message);
    this.name = 'ApiError';
    this.code = problem.code ?? '';
    this.hint = problem.hint ?? '';
    this.diagnostics = problem.diagnostics ?? [];
    this.status = status;
  }

  /** `N2Pnnn`; empty where the answer is not the service's. */
  readonly code: string;
  /** What to do; may be empty. */
  readonly hint: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly status: number;

  /** Whether the server cannot be reached; it may be back later. */
  get isOffline(): boolean {
    return this.status === 0;
  }

  /** Whether the server is there, and nb2pipe's server extension is not. */
  get isMissing(): boolean {
    return this.status === 404 && this.code === '';
  }

  /** Message and hint as one text. */
  get text(): string {
    return this.hint ? `${this.message} ${this.hint}` : this.message;
  }
}

/** The error that an answer of a status other than 2xx stands for. */
export function errorOf(status: number, reason: string, text: string): ApiError {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    found = null;
  }
  if (isProblem(found)) {
    return new ApiError(found, status);
  }
  return new ApiError({ message: `The server answered ${status} ${reason}`.trim() + '.' }, status);
}

function isProblem(data: unknown): data is Problem {
  return (
    typeof data === 'object' &&
    data !== null &&
    'code' in data &&
    typeof data.code === 'string' &&
    'message' in data &&
    typeof data.message === 'string'
  );
}
