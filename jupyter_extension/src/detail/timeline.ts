/** When steps waited and ran, as a picture has it. */

import type { Edge } from '../api/types';
import { isFinal, type LiveStep } from '../run/liveSteps';

/** From and to, in seconds since the run began. */
export type Span = readonly [number, number];

export interface TimelineRow {
  step: LiveStep;
  /** Since all that it needs was there, until it began; null where it did not wait. */
  wait: Span | null;
  /** Null where it was not run. */
  work: Span | null;
}
export interface Timeline {
  rows: readonly TimelineRow[];
  /** Seconds that the picture covers; above 0. */
  total: number;
  /** Seconds where the axis has a mark; the first is 0. */
  ticks: readonly number[];
}

const MOST_TICKS = 6;
const MINUTE = 60;
const HOUR = 3600;
const LONG = [15, 30, MINUTE, 120, 300, 600, 900, 1800, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];
/** A wait that one would not see. */
const SHORTEST_WAIT = 0.05;

/**
 * @param steps in the order of the rows
 * @param edges null where they are not known: then nothing is said to wait
 * @param began when the run did, in ISO 8601; null for the first step's start
 * @param nowMs what goes on is drawn up to here
 */
export function timelineOf(
  steps: readonly LiveStep[],
  edges: readonly Edge[] | null,
  began: string | null,
  nowMs: number
): Timeline {
  const starts = [began, ...steps.map(each => each.started_at)].flatMap(each =>
    each ? [Date.parse(each)] : []
  );
  const zero = starts.length > 0 ? Math.min(...starts) : nowMs;
  const at = (iso: string): number => Math.max(0, (Date.parse(iso) - zero) / 1000);
  const now = Math.max(0, (nowMs - zero) / 1000);
  const ends = new Map(steps.map(each => [each.step, each.ended_at ? at(each.ended_at) : null]));
  const rows = steps.map((step): TimelineRow => {
    const before = (edges ?? [])
      .filter(each => each.target === step.step)
      .map(each => ends.get(each.source) ?? null);
    const isReady = edges !== null && starts.length > 0 && before.every(each => each !== null);
    const ready = isReady ? Math.max(0, ...before) : null;
    const start = step.started_at ? at(step.started_at) : null;
    const end = step.ended_at ? at(step.ended_at) : isFinal(step.state) ? start : now;
    const begin = start ?? (isFinal(step.state) ? null : now);
    const hasWaited = ready !== null && begin !== null && begin - ready > SHORTEST_WAIT;
    return {
      step,
      wait: hasWaited ? [ready, begin] : null,
      work: start === null || end === null ? null : [start, Math.max(start, end)]
    };
  });
  const total = Math.max(0.01, ...rows.flatMap(({ wait, work }) => [wait?.[1] ?? 0, work?.[1] ?? 0]));
  return { rows, total, ticks: ticksOf(total) };
}

/** Round numbers from 0 on, at most six. */
function ticksOf(total: number): number[] {
  const size = 10 ** Math.floor(Math.log10(total / MOST_TICKS));
  const short = [1, 2, 5, 10].map(each => each * size).filter(each => each <= 10);
  const days = Math.ceil(total / MOST_TICKS / (24 * HOUR)) * 24 * HOUR;
  const step = [...short, ...LONG].find(each => total / each < MOST_TICKS) ?? days;
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
}
