/** Cron texts in words. */

import type { TranslationBundle } from '@jupyterlab/translation';

import { type CronField, type CronFields, type NthWeekday, readCron } from './cron';

/** More times of day than these are told by their rule. */
const MOST_TIMES = 4;
const WEEK = '1,2,3,4,5';
const WEEKEND = '0,6';

/** A cron text in words, such as `weekdays at 07:00`; empty where it is not understood here. */
export function wordsOfCron(text: string, trans: TranslationBundle): string {
  const fields = readCron(text);
  if (!fields) {
    return '';
  }
  const days = dayWords(fields, trans);
  const times = fixedTimes(fields);
  const when = times
    ? trans.__('%1 at %2', days || trans.__('daily'), listText(times, trans))
    : [ruleWords(fields, trans), days].filter(Boolean).join(', ');
  const months = fields.month.isAll
    ? ''
    : trans.__(
        'in %1',
        listText(
          fields.month.values.map(value => monthName(value, trans)),
          trans
        )
      );
  return [when, months, fields.zone && `(${fields.zone})`].filter(Boolean).join(' ');
}

/** The time of day of an hour and a minute. */
export function clockText(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** The name of a day of the week; Sunday is 0. */
export function weekdayName(value: number, trans: TranslationBundle): string {
  const names = [
    trans.__('Sunday'),
    trans.__('Monday'),
    trans.__('Tuesday'),
    trans.__('Wednesday'),
    trans.__('Thursday'),
    trans.__('Friday'),
    trans.__('Saturday')
  ];
  return names[value] ?? '';
}

function monthName(value: number, trans: TranslationBundle): string {
  const names = [
    trans.__('January'),
    trans.__('February'),
    trans.__('March'),
    trans.__('April'),
    trans.__('May'),
    trans.__('June'),
    trans.__('July'),
    trans.__('August'),
    trans.__('September'),
    trans.__('October'),
    trans.__('November'),
    trans.__('December')
  ];
  return names[value - 1] ?? '';
}

function fixedTimes({ minute, hour }: CronFields): string[] | null {
  return minute.values.length * hour.values.length > MOST_TIMES
    ? null
    : hour.values.flatMap(h => minute.values.map(m => clockText(h, m)));
}

function ruleWords({ minute, hour }: CronFields, trans: TranslationBundle): string {
  const [only = 0, ...others] = minute.values;
  if (others.length > 0) {
    const hours = hour.isAll ? '' : trans.__('hours %1', rangesText(hour.values, trans));
    return [minuteWords(minute, hour.isAll, trans), hours].filter(Boolean).join(', ');
  }
  const isEven = hour.step !== null && 24 % hour.step === 0;
  const every = isEven ? trans.__('every %1 hours', hour.step ?? 0) : trans.__('every hour');
  const hours = hour.isAll || isEven ? every : trans.__('hours %1', rangesText(hour.values, trans));
  return only === 0 && (hour.isAll || isEven) ? every : trans.__('%1 at minute %2', hours, only);
}

function minuteWords(minute: CronField, isEveryHour: boolean, trans: TranslationBundle): string {
  if (minute.isAll) {
    return trans.__('every minute');
  }
  if (minute.step !== null && 60 % minute.step === 0) {
    return trans.__('every %1 minutes', minute.step);
  }
  const minutes = rangesText(minute.values, trans);
  return isEveryHour ? trans.__('every hour at minutes %1', minutes) : trans.__('at minutes %1', minutes);
}

function dayWords({ day, weekday }: CronFields, trans: TranslationBundle): string {
  const ofMonth = day.isAll ? '' : monthDayWords(day, trans);
  const ofWeek = weekday.isAll ? '' : weekdayWords(weekday, trans);
  if (!ofMonth || !ofWeek) {
    // Without a star each adds to the other, so `1-31` makes it every day.
    const isEither = !day.isStar && !weekday.isStar;
    return isEither ? '' : ofMonth || ofWeek;
  }
  return day.isStar || weekday.isStar
    ? trans.__('%1 if it is %2 too', ofWeek, ofMonth)
    : trans.__('%1 and also %2', ofMonth, ofWeek);
}

function monthDayWords(day: CronField, trans: TranslationBundle): string {
  const parts = day.last.map(each =>
    each === 'day' ? trans.__('the last day of the month') : trans.__('the last weekday of the month')
  );
  if (day.values.length > 0) {
    parts.unshift(trans.__('day %1 of the month', rangesText(day.values, trans)));
  }
  return listText(parts, trans);
}

function weekdayWords(weekday: CronField, trans: TranslationBundle): string {
  const parts = weekday.nths.map(each => nthWords(each, trans));
  const values = weekday.values.join(',');
  if (values === WEEK) {
    parts.unshift(trans.__('weekdays'));
  } else if (values === WEEKEND) {
    parts.unshift(trans.__('weekends'));
  } else {
    // The week begins on Monday for who reads it.
    const sorted = [...weekday.values].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
    parts.unshift(...sorted.map(value => weekdayName(value, trans)));
  }
  return listText(parts, trans);
}

function nthWords({ weekday, nth }: NthWeekday, trans: TranslationBundle): string {
  const name = weekdayName(weekday, trans);
  switch (nth) {
    case 0:
      return trans.__('the last %1 of the month', name);
    case 1:
      return trans.__('the first %1 of the month', name);
    case 2:
      return trans.__('the second %1 of the month', name);
    case 3:
      return trans.__('the third %1 of the month', name);
    case 4:
      return trans.__('the fourth %1 of the month', name);
    default:
      return trans.__('the fifth %1 of the month', name);
  }
}

/** Numbers with what is three or more in a row as `9 to 17`. */
function rangesText(values: readonly number[], trans: TranslationBundle): string {
  const parts: string[] = [];
  for (let start = 0; start < values.length;) {
    let end = start;
    while (values[end + 1] === (values[end] ?? NaN) + 1) {
      end++;
    }
    const shown = values.slice(start, end + 1);
    parts.push(
      ...(shown.length >= 3
        ? [trans.__('%1 to %2', values[start] ?? 0, values[end] ?? 0)]
        : shown.map(String))
    );
    start = end + 1;
  }
  return listText(parts, trans);
}

function listText(parts: readonly string[], trans: TranslationBundle): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : trans.__('%1 and %2', parts.slice(0, -1).join(', '), last);
}
