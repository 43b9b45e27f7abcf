import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import {
  bodyOf,
  changedWhen,
  cronOf,
  DEFAULT_WHEN,
  type Trigger,
  type When,
  whenOf,
  withCron,
  wordsOf
} from '../src/schedules/when';
import { wordsOfCron } from '../src/schedules/words';

const trans = nullTranslator.load('nb2pipe');

/** Cron text, its words, the preset that it is. */
const TABLE: [string, string, Partial<When> & Pick<When, 'kind'>][] = [
  ['0 7 * * *', 'daily at 07:00', { kind: 'daily', time: '07:00' }],
  ['  0   7 * *   * ', 'daily at 07:00', { kind: 'daily', time: '07:00' }],
  ['0 7,19 * * *', 'daily at 07:00 and 19:00', { kind: 'cron' }],
  ['@daily', 'daily at 00:00', { kind: 'daily', time: '00:00' }],
  ['@HOURLY', 'every hour', { kind: 'hourly', minute: '0' }],
  ['@weekly', 'Sunday at 00:00', { kind: 'weekly', weekday: 0, time: '00:00' }],
  ['@yearly', 'day 1 of the month at 00:00 in January', { kind: 'cron' }],
  ['0 7 * * 1-5', 'weekdays at 07:00', { kind: 'weekdays', time: '07:00' }],
  ['0 7 * * mon-fri', 'weekdays at 07:00', { kind: 'weekdays', time: '07:00' }],
  ['30 18 * * MON,Thu', 'Monday and Thursday at 18:30', { kind: 'cron' }],
  ['0 9 * * 7', 'Sunday at 09:00', { kind: 'weekly', weekday: 0, time: '09:00' }],
  ['0 9 * * 6,7', 'weekends at 09:00', { kind: 'cron' }],
  ['0 9 * * 0-7', 'daily at 09:00', { kind: 'cron' }],
  ['0 9 * * 5-7', 'Friday, Saturday and Sunday at 09:00', { kind: 'cron' }],
  ['0 9 * * 5L', 'the last Friday of the month at 09:00', { kind: 'cron' }],
  ['0 9 * * 1#2', 'the second Monday of the month at 09:00', { kind: 'cron' }],
  ['15 * * * *', 'every hour at minute 15', { kind: 'hourly', minute: '15' }],
  ['15,45 * * * *', 'every hour at minutes 15 and 45', { kind: 'cron' }],
  ['* * * * *', 'every minute', { kind: 'minutes', minutes: '1' }],
  ['*/15 * * * *', 'every 15 minutes', { kind: 'minutes', minutes: '15' }],
  ['*/40 * * * *', 'every hour at minutes 0 and 40', { kind: 'cron' }],
  ['*/10 9-17 * * 1-5', 'every 10 minutes, hours 9 to 17, weekdays', { kind: 'cron' }],
  ['0 */6 * * *', 'daily at 00:00, 06:00, 12:00 and 18:00', { kind: 'cron' }],
  ['0 */2 * * *', 'every 2 hours', { kind: 'cron' }],
  ['5 */2 * * *', 'every 2 hours at minute 5', { kind: 'cron' }],
  ['0 9-17 * * *', 'hours 9 to 17 at minute 0', { kind: 'cron' }],
  ['0 9 1 * *', 'day 1 of the month at 09:00', { kind: 'monthly', day: 1, time: '09:00' }],
  ['0 9 L * *', 'the last day of the month at 09:00', { kind: 'monthly', day: 0, time: '09:00' }],
  ['0 9 LW * *', 'the last weekday of the month at 09:00', { kind: 'cron' }],
  ['0 9 1,15 * *', 'day 1 and 15 of the month at 09:00', { kind: 'cron' }],
  ['0 9 1 jan-mar *', 'day 1 of the month at 09:00 in January, February and March', { kind: 'cron' }],
  // Two days without a star are either; with a star one narrows the other; all values without a star are any day.
  ['0 9 1 * 1', 'day 1 of the month and also Monday at 09:00', { kind: 'cron' }],
  ['0 9 */15 * 1', 'Monday if it is day 1, 16 and 31 of the month too at 09:00', { kind: 'cron' }],
  ['0 9 1-31 * 1', 'daily at 09:00', { kind: 'cron' }],
  ['TZ=Asia/Tokyo 0 7 * * *', 'daily at 07:00 (Asia/Tokyo)', { kind: 'cron' }],
  ['50/5 8 * * *', 'daily at 08:50 and 08:55', { kind: 'cron' }],
  // What the service refuses, or what is not understood here, has no words.
  ['', '', { kind: 'cron' }],
  ['0 25 * * *', '', { kind: 'cron' }],
  ['0 7 * *', '', { kind: 'cron' }],
  ['0 0 7 * * *', '', { kind: 'cron' }],
  ['0 7 * * fri-mon', '', { kind: 'cron' }],
  ['*/0 * * * *', '', { kind: 'cron' }],
  ['@reboot', '', { kind: 'cron' }],
  ['<b>0</b> 7 * * *', '', { kind: 'cron' }]
];

describe('cron texts', () => {
  it.each(TABLE)('%j is %j', (text, words, preset) => {
    expect(wordsOfCron(text, trans)).toBe(words);
    expect(withCron(DEFAULT_WHEN, text)).toMatchObject({ ...preset, cron: text });
  });

  it.each(TABLE.filter(row => row[2].kind !== 'cron'))(
    '%j and the preset that it is mean the same',
    (text, words) => {
      const again = cronOf(withCron(DEFAULT_WHEN, text));
      expect(wordsOfCron(again ?? '', trans)).toBe(words);
    }
  );
});

describe('presets', () => {
  const PRESETS: [Partial<When>, string | null, object | null][] = [
    [{ kind: 'hourly', minute: '5' }, '5 * * * *', { cron: '5 * * * *' }],
    [{ kind: 'hourly', minute: '60' }, null, null],
    [{ kind: 'daily', time: '' }, null, null],
    [{ kind: 'weekdays', time: '18:05' }, '5 18 * * 1-5', { cron: '5 18 * * 1-5' }],
    [{ kind: 'weekly', weekday: 0 }, '0 7 * * 0', { cron: '0 7 * * 0' }],
    [{ kind: 'monthly', day: 0 }, '0 7 L * *', { cron: '0 7 L * *' }],
    [{ kind: 'minutes', minutes: '20' }, '*/20 * * * *', { cron: '*/20 * * * *' }],
    // An hour does not divide into these: they are counted from one run to the next.
    [{ kind: 'minutes', minutes: '7' }, null, { every_s: 420 }],
    [{ kind: 'minutes', minutes: '90' }, null, { every_s: 5400 }],
    [{ kind: 'minutes', minutes: '0.5' }, null, { every_s: 30 }],
    [{ kind: 'minutes', minutes: 'x' }, null, null],
    [{ kind: 'minutes', minutes: '0' }, null, null],
    [{ kind: 'once', at: '2026-12-01T07:00' }, null, { at: '2026-12-01T07:00' }],
    [{ kind: 'once', at: '' }, null, null],
    [{ kind: 'cron', cron: ' ' }, ' ', null],
    [{ kind: 'unclocked' }, null, {}]
  ];

  it.each(PRESETS)('%j is the cron text %j, and the service is told %j', (patch, cron, body) => {
    const when = changedWhen(DEFAULT_WHEN, patch);
    expect(cronOf(when)).toBe(cron);
    expect(bodyOf(when)).toEqual(body);
  });

  it.each(PRESETS.filter(row => row[1]?.trim()))('%j is found again in its cron text', (patch, cron) => {
    expect(withCron(DEFAULT_WHEN, cron ?? '')).toMatchObject(patch);
  });

  it('of a typed cron text are sent as it was typed', () => {
    expect(bodyOf(withCron(DEFAULT_WHEN, '0 7 * * mon-fri'))).toEqual({ cron: '0 7 * * mon-fri' });
    expect(bodyOf(withCron(DEFAULT_WHEN, '0-59/15 * * * *'))).toEqual({ cron: '0-59/15 * * * *' });
  });

  it('fill the cron text, and leave what was typed where there is none', () => {
    const monthly = changedWhen(DEFAULT_WHEN, { kind: 'monthly' });
    expect(monthly.cron).toBe('0 7 1 * *');
    expect(changedWhen(monthly, { kind: 'once' }).cron).toBe('0 7 1 * *');
    expect(changedWhen(monthly, { kind: 'cron' }).cron).toBe('0 7 1 * *');
  });
});

describe('stored triggers', () => {
  const zone = 'Asia/Tokyo';
  const STORED: [Trigger, Partial<When>, string][] = [
    [{ kind: 'cron', text: '0 7 * * 1-5', zone }, { kind: 'weekdays' }, 'weekdays at 07:00'],
    [{ kind: 'cron', text: '0 7 * * 5W', zone }, { kind: 'cron', cron: '0 7 * * 5W' }, '0 7 * * 5W'],
    [
      { kind: 'interval', every_s: 5400, anchor: '2026-01-01T00:00:00+00:00', zone },
      { kind: 'minutes', minutes: '90' },
      'every 90 minutes'
    ],
    [
      { kind: 'interval', every_s: 86400, anchor: '2026-01-01T00:00:00+00:00', zone },
      { kind: 'minutes', minutes: '1440' },
      'every day'
    ],
    [
      { kind: 'once', at: '2026-11-30T22:00:00+00:00', zone },
      { kind: 'once', at: '2026-12-01T07:00' },
      'once at 2026-12-01 07:00'
    ],
    [{ kind: 'none', zone }, { kind: 'unclocked' }, 'not by the clock']
  ];

  it.each(STORED)('%j', (trigger, when, words) => {
    expect(whenOf(trigger)).toMatchObject(when);
    expect(wordsOf(trigger, trans)).toBe(words);
  });
});
