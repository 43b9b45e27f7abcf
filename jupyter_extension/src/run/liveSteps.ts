/** The steps of one run, kept up with events. */

import type { EventData } from '../api/events';
import type { Run, RunState, StepRun } from '../api/types';

/** What is known of a step while it runs. */
export type LiveStep = Pick<
  StepRun,
  | 'step'
  | 'state'
  | 'attempt'
  | 'started_at'
  | 'ended_at'
  | 'duration_s'
  | 'cells'
  | 'cells_total'
  | 'failure'
  | 'reason'
  | 'approval'
>;

const FINAL: Record<RunState, boolean> = {
  queued: false,
  waiting: false,
  running: false,
  succeeded: true,
  cached: true,
  failed: true,
  skipped: true,
  cancelled: true,
  interrupted: true
};

export function isFinal(state: RunState): boolean {
  return FINAL[state];
}

/** Whether it can be run again by a button: its notebook is there, and it was not sent elsewhere. */
export function isRepeatable(run: Pick<Run, 'state' | 'notebook' | 'target'>): boolean {
  return isFinal(run.state) && run.notebook !== null && run.target === '';
}

/** The steps with an event applied; those of an older attempt change nothing. */
export function withStep(steps: readonly LiveStep[], data: EventData['step']): LiveStep[] {
  const old = steps.find(each => each.step === data.step);
  if (!old) {
    return [...steps, { ...blank(data.step, data.attempt), ...known(data) }];
  }
  if (data.attempt < old.attempt) {
    return [...steps];
  }
  const cells = data.attempt > old.attempt ? [] : old.cells;
  return steps.map(each => (each === old ? { ...old, ...known(data), cells } : each));
}

/** The steps with a cell's event applied. */
export function withCell(steps: readonly LiveStep[], data: EventData['cell']): LiveStep[] {
  const { step, attempt, index, id, state, started_at, ended_at } = data;
  const cell = { index, id, state, started_at, ended_at };
  const old = steps.find(each => each.step === step) ?? blank(step, attempt);
  if (attempt < old.attempt) {
    return [...steps];
  }
  const others = attempt > old.attempt ? [] : old.cells.filter(each => each.index !== index);
  const found = { ...old, attempt, cells: [...others, cell].sort((a, b) => a.index - b.index) };
  return steps.includes(old) ? steps.map(each => (each === old ? found : each)) : [...steps, found];
}

/** The index of the cell that runs or that failed. */
export function cellOf(step: LiveStep): number | undefined {
  const failed = step.failure?.cell_index;
  return failed ?? step.cells.find(each => each.state === 'running' || each.state === 'failed')?.index;
}

function known(data: EventData['step']): Partial<LiveStep> {
  const { state, attempt, started_at, ended_at, duration_s, cells_total, failure, reason, approval } = data;
  const found = { state, attempt, started_at, ended_at, duration_s, cells_total, failure, reason, approval };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function blank(step: string, attempt: number): LiveStep {
  return {
    step,
    state: 'queued',
    attempt,
    started_at: null,
    ended_at: null,
    duration_s: null,
    cells: [],
    cells_total: 0,
    failure: null,
    reason: '',
    approval: null
  };
}
