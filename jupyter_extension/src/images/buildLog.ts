/** What the engine printed in one build, as it grows. */

import type { Client } from '../api/client';
import { plain } from '../run/plain';

const PART_BYTES = 1_048_576;
/** So much of its end is kept. */
const MOST_CHARACTERS = 500_000;

export class BuildLog {
  /** @param _changed called when there is more of it */
  constructor(
    private readonly _client: Pick<Client, 'get'>,
    readonly build: string,
    private readonly _changed: () => void
  ) {}

  /** Without escape sequences. */
  get text(): string {
    return plain(this._text);
  }

  /** Read what is new. One read at a time; one that is asked for meanwhile follows. */
  async read(): Promise<void> {
    this._isWanted = true;
    while (this._isWanted && !this._isReading) {
      this._isWanted = false;
      this._isReading = true;
      try {
        await this._readParts();
      } catch {
        // a build that has not begun has no log; the next event asks again
      }
      this._isReading = false;
      this._changed();
    }
  }

  private async _readParts(): Promise<void> {
    for (let isEnd = false; !isEnd;) {
      const part = await this._client.get('/images/builds/{build}/log', {
        params: { build: this.build },
        query: { offset: this._next, limit: PART_BYTES }
      });
      isEnd = part.next_offset >= part.size_bytes || part.next_offset <= this._next;
      this._next = part.next_offset;
      this._text = (this._text + part.text).slice(-MOST_CHARACTERS);
    }
  }

  private _text = '';
  private _next = 0;
  private _isReading = false;
  private _isWanted = false;
}
