/** Server-sent events out of a stream of bytes. */

export interface RawEvent {
  id: string;
  kind: string;
  data: string;
}

/** Cuts text into events; pieces may end anywhere. */
export class EventParser {
  /** The events that are whole with this piece. */
  take(piece: string): RawEvent[] {
    const lines = (this._rest + piece).split(/\r\n|\n|\r/);
    this._rest = lines.pop() ?? '';
    const found: RawEvent[] = [];
    for (const line of lines) {
      if (line === '') {
        if (this._data.length > 0) {
          found.push({ id: this._id, kind: this._kind || 'message', data: this._data.join('\n') });
        }
        this._kind = '';
        this._data = [];
      } else {
        this._line(line);
      }
    }
    return found;
  }

  private _line(line: string): void {
    const [, name, value] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === 'id') {
      this._id = value ?? '';
    } else if (name === 'event') {
      this._kind = value ?? '';
    } else if (name === 'data') {
      this._data.push(value ?? '');
    }
  }

  private _rest = '';
  private _id = '';
  private _kind = '';
  private _data: string[] = [];
}
