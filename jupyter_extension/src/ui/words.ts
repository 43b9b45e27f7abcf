/** States, times and durations in words. */

import type { TranslationBundle } from '@jupyterlab/translation';

import type { Diagnostic, RunState } from '../api/types';

export function stateWord(state: RunState, trans: TranslationBundle): string {
  const words: Record<RunState, string> = {
    queued: trans.__('queued'),
    waiting: trans.__('waiting'),
    running: trans.__('running'),
    succeeded: trans.__('succeeded'),
    cached: trans.__('cached'),
    failed: trans.__('failed'),
    skipped: trans.__('skipped'),
    cancelled: trans.__('cancelled'),
    interrupted: trans.__('interrupted')
  };
  return words[state];
}

/** A duration such as `0.42 s`, `12 s`, `3 min 05 s` or `2 h 07 min`; empty for none. */
export function durationText(seconds: number | null): string {
  if (seconds === null) {
    return '';
  }
  if (seconds < 10) {
    return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours ? `${hours} h ${two(minutes)} min` : `${minutes} min ${two(whole % 60)} s`;
}

/** A point in time in the user's zone and manner. */
export function timeText(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The same where there is little room: with the time of day, or where it is another year than `now`'s, with the year. */
export function shortTimeText(iso: string, now = new Date()): string {
  const when = new Date(iso);
  const rest: Intl.DateTimeFormatOptions =
    when.getFullYear() === now.getFullYear() ? { hour: 'numeric', minute: '2-digit' } : { year: 'numeric' };
  return when.toLocaleString(undefined, { month: 'short', day: 'numeric', ...rest });
}

/** What was found, and what to do. */
export function findingText({ message, hint }: Pick<Diagnostic, 'message' | 'hint'>): string {
  return [message, hint].filter(Boolean).join(/[.!?]$/.test(message) ? ' ' : ': ');
}
