/** When a schedule is due: presets, cron texts, and each as the other. */

import type { TranslationBundle } from '@jupyterlab/translation';

import type { Schedule } from '../api/types';
import { readCron } from './cron';
import { wallText } from './times';
import { clockText, wordsOfCron } from './words';

export type Trigger = NonNullable<Schedule['schedule']>['trigger'];
/** `unclocked`: something else than the clock sets it off. */
export type WhenKind =
  'hourly' | 'daily' | 'weekdays' | 'weekly' | 'monthly' | 'minutes' | 'once' | 'cron' | 'unclocked';

/** What a form has of it; texts as they are typed. Only what `kind` needs counts. */
export interface When {
  kind: WhenKind;
  /** Of the hour. */
  minute: string;
  /** `07:00` */
  time: string;
  /** Sunday is 0. */
  weekday: number;
  /** Of the month; 0 is the last. */
  day: number;
  /** From one run to the next. */
  minutes: string;
  /** `2026-12-01T07:00` in the zone of the schedule. */
  at: string;
  /** As it was typed last, or as the preset makes it; it means what the preset means, if that has a cron text. */
  cron: string;
}

export const DEFAULT_WHEN: When = {
  kind: 'daily',
  minute: '0',
  time: '07:00',
  weekday: 1,
  day: 1,
  minutes: '15',
  at: '',
  cron: '0 7 * * *'
};

/** What the service is told of it. */
export type WhenBody = { cron: string } | { every_s: number } | { at: string } | Record<string, never>;

/** The cron text of a preset; null where it is an interval, a moment, or incomplete. */
export function cronOf(when: When): string | null {
  const clock = /^(\d\d):(\d\d)$/.exec(when.time);
  const time = clock ? `${Number(clock[2])} ${Number(clock[1])}` : null;
  switch (when.kind) {
    case 'hourly':
      return isWhole(when.minute, 0, 59) ? `${Number(when.minute)} * * * *` : null;
    case 'daily':
      return time && `${time} * * *`;
    case 'weekdays':
      return time && `${time} * * 1-5`;
    case 'weekly':
      return time && `${time} * * ${when.weekday}`;
    case 'monthly':
      return time && `${time} ${when.day || 'L'} * *`;
    case 'minutes':
      return isWhole(when.minutes, 1, 30) && 60 % Number(when.minutes) === 0
        ? `*/${Number(when.minutes)} * * * *`
        : null;
    case 'cron':
      return when.cron;
    case 'once':
    case 'unclocked':
      return null;
  }
}

/** With other details; the cron text follows. */
export function changedWhen(when: When, patch: Partial<When>): When {
  const found = { ...when, ...patch };
  return { ...found, cron: cronOf(found) ?? found.cron };
}

/** With a typed cron text, whose preset follows where there is one. The text stays as it is typed. */
export function withCron(when: When, text: string): When {
  return { ...when, ...presetOf(text), cron: text };
}

function presetOf(text: string): Partial<When> & { kind: WhenKind } {
  const fields = readCron(text);
  if (!fields || fields.zone || !fields.month.isAll) {
    return { kind: 'cron' };
  }
  const { minute, hour, day, weekday } = fields;
  const [m = 0, ...moreMinutes] = minute.values;
  const [h = 0, ...moreHours] = hour.values;
  const isDaily = day.isAll && day.isStar && weekday.isAll && weekday.isStar;
  if (isDaily && hour.isAll && hour.isStar) {
    return hourPreset(minute.values.length, m, minute.isAll ? 1 : minute.step);
  }
  if (moreMinutes.length + moreHours.length > 0 || weekday.nths.length > 0) {
    return { kind: 'cron' };
  }
  const time = clockText(h, m);
  if (isDaily) {
    return { kind: 'daily', time };
  }
  if (day.isAll && day.isStar) {
    const days = weekday.values.join(',');
    const weekly = { kind: 'weekly', time, weekday: weekday.values[0] ?? 0 } as const;
    return days === '1,2,3,4,5' ? { kind: 'weekdays', time } : days.length === 1 ? weekly : { kind: 'cron' };
  }
  const days = [...day.values, ...day.last.map(each => (each === 'day' ? 0 : NaN))];
  const [only = NaN] = days;
  return weekday.isAll && weekday.isStar && days.length === 1 && !Number.isNaN(only)
    ? { kind: 'monthly', time, day: only }
    : { kind: 'cron' };
}

function hourPreset(count: number, minute: number, step: number | null): Partial<When> & { kind: WhenKind } {
  if (count === 1) {
    return { kind: 'hourly', minute: String(minute) };
  }
  return step !== null && 60 % step === 0 ? { kind: 'minutes', minutes: String(step) } : { kind: 'cron' };
}

/** What the service is told; null where something is missing. */
export function bodyOf(when: When): WhenBody | null {
  switch (when.kind) {
    case 'once':
      return when.at ? { at: when.at } : null;
    case 'unclocked':
      return {};
    case 'minutes': {
      const every_s = Math.round(Number(when.minutes) * 60);
      return cronOf(when) ? { cron: when.cron } : every_s > 0 ? { every_s } : null;
    }
    case 'hourly':
    case 'daily':
    case 'weekdays':
    case 'weekly':
    case 'monthly':
    case 'cron': {
      return cronOf(when)?.trim() ? { cron: when.cron } : null; // as it was typed, if it was
    }
  }
}

/** What a form has of a trigger that is stored. */
export function whenOf(trigger: Trigger): When {
  switch (trigger.kind) {
    case 'cron':
      return withCron(DEFAULT_WHEN, trigger.text);
    case 'interval':
      return { ...DEFAULT_WHEN, kind: 'minutes', minutes: String(Number(trigger.every_s) / 60), cron: '' };
    case 'once':
      return { ...DEFAULT_WHEN, kind: 'once', at: wallText(trigger.at, trigger.zone) };
    case 'none':
      return { ...DEFAULT_WHEN, kind: 'unclocked' };
  }
}

/** A trigger in words; a cron text that has none is shown itself. */
export function wordsOf(trigger: Trigger, trans: TranslationBundle): string {
  switch (trigger.kind) {
    case 'cron':
      return wordsOfCron(trigger.text, trans) || trigger.text;
    case 'interval':
      return lengthWords(Number(trigger.every_s), trans);
    case 'once':
      return trans.__('once at %1', wallText(trigger.at, trigger.zone).replace('T', ' '));
    case 'none':
      return trans.__('not by the clock');
  }
}

function lengthWords(everyS: number, trans: TranslationBundle): string {
  if (everyS % 86400 === 0) {
    return trans._n('every day', 'every %1 days', everyS / 86400);
  }
  if (everyS % 3600 === 0) {
    return trans._n('every hour', 'every %1 hours', everyS / 3600);
  }
  return everyS % 60 === 0
    ? trans._n('every minute', 'every %1 minutes', everyS / 60)
    : trans._n('every second', 'every %1 seconds', everyS);
}

function isWhole(text: string, least: number, most: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}
