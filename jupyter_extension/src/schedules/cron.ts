/** Reads cron texts as Debian's cron does, as far as words and presets need it. The service has the last word. */

/** A day of the week of a certain week of the month; `nth` 0 is the last one. */
export interface NthWeekday {
  weekday: number;
  nth: number;
}

export interface CronField {
  /** Ascending; empty where only `last` or `nths` say something. */
  values: readonly number[];
  /** Whether it begins with a star: it then narrows what the other day field says, and does not add to it. */
  isStar: boolean;
  isAll: boolean;
  /** N of a star with a step: every Nth from the first. */
  step: number | null;
  /** `L` and `LW` of a day of month. */
  last: readonly ('day' | 'weekday')[];
  nths: readonly NthWeekday[];
}

export interface CronFields {
  minute: CronField;
  hour: CronField;
  day: CronField;
  month: CronField;
  /** Sunday is 0. */
  weekday: CronField;
  /** IANA name before the fields; empty where there is none. */
  zone: string;
}

const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *'
};
const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const ZONE = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/s;

interface Kind {
  first: number;
  last: number;
  names: readonly string[];
}
const KINDS: Readonly<Record<keyof Omit<CronFields, 'zone'>, Kind>> = {
  minute: { first: 0, last: 59, names: [] },
  hour: { first: 0, last: 23, names: [] },
  day: { first: 1, last: 31, names: [] },
  month: { first: 1, last: 12, names: MONTHS },
  weekday: { first: 0, last: 7, names: WEEKDAYS }
};

/** The fields of a cron text; null where it is none that is understood here. */
export function readCron(text: string): CronFields | null {
  const named = ZONE.exec(text.trim());
  const said = (named?.[2] ?? text).trim();
  const fields = (WORDS[said.toLowerCase()] ?? said).split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday) {
    return null;
  }
  const found = {
    minute: readField(minute, KINDS.minute),
    hour: readField(hour, KINDS.hour),
    day: readField(day, KINDS.day, readLast),
    month: readField(month, KINDS.month),
    weekday: withoutSeven(readField(weekday, KINDS.weekday, readNth))
  };
  const { minute: a, hour: b, day: c, month: d, weekday: e } = found;
  return a && b && c && d && e
    ? { minute: a, hour: b, day: c, month: d, weekday: e, zone: named?.[1] ?? '' }
    : null;
}

type Special = Pick<CronField, 'last' | 'nths'>;
const NOTHING: Special = { last: [], nths: [] };

function readField(
  text: string,
  kind: Kind,
  special: (part: string) => Special | null = () => null
): CronField | null {
  const values = new Set<number>();
  let { last, nths } = NOTHING;
  for (const part of text.split(',')) {
    const found = special(part);
    const range = found ? [] : rangeOf(part, kind);
    if (!range) {
      return null;
    }
    range.forEach(value => values.add(value));
    last = [...last, ...(found?.last ?? [])];
    nths = [...nths, ...(found?.nths ?? [])];
  }
  const step = /^\*\/(\d+)$/.exec(text);
  const span = kind.last - kind.first + 1;
  return {
    values: [...values].sort((a, b) => a - b),
    isStar: text.startsWith('*'),
    isAll: values.size === span,
    step: step ? Number(step[1]) : null,
    last,
    nths
  };
}

function rangeOf(part: string, kind: Kind): number[] | null {
  const found = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
  if (!found) {
    return null;
  }
  const [, star, from = '', to, by] = found;
  const start = star ? kind.first : valueOf(from, kind);
  const end = star || (by && to === undefined) ? kind.last : valueOf(to ?? from, kind);
  const step = by === undefined ? 1 : Number(by);
  if (start === null || end === null || start > end || step < 1) {
    return null;
  }
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

function valueOf(text: string, kind: Kind): number | null {
  const named = kind.names.indexOf(text.toLowerCase());
  const value = named >= 0 ? named : /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= kind.first && value <= kind.last ? value : null;
}

function readLast(part: string): Special | null {
  switch (part.toUpperCase()) {
    case 'L':
      return { last: ['day'], nths: [] };
    case 'LW':
      return { last: ['weekday'], nths: [] };
    default:
      return null;
  }
}

function readNth(part: string): Special | null {
  const found = /^(\w+?)(?:#([1-5])|(L))$/i.exec(part);
  const weekday = found ? valueOf(found[1] ?? '', KINDS.weekday) : null;
  return found && weekday !== null
    ? { last: [], nths: [{ weekday: weekday % 7, nth: Number(found[2] ?? 0) }] }
    : null;
}

/** Sunday is 0 and 7. */
function withoutSeven(field: CronField | null): CronField | null {
  if (!field) {
    return null;
  }
  const values = [...new Set(field.values.map(value => value % 7))].sort((a, b) => a - b);
  return { ...field, values, isAll: values.length === 7 };
}
