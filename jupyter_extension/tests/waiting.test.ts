import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { withStep } from '../src/run/liveSteps';
import { Waiting } from '../src/run/waiting';
import type { INb2pipe } from '../src/tokens';
import { json } from './helpers/server';
import { fakeService, stepOf, until } from './helpers/service';

const trans = nullTranslator.load('nb2pipe');
const question = {
  run_id: 'r',
  step: 'ship',
  question: 'Ship <b>it</b>?',
  pipeline: 'n',
  notebook: 'a/n.ipynb'
};

describe('Waiting', () => {
  it('tells of each step that waits once, whether it did before or an event says so', async () => {
    let isOpen = true;
    const { client, events, send, asked } = fakeService(() => json(isOpen ? [question] : []));
    const service = { client, events, ready: Promise.resolve(true) } as unknown as INb2pipe;
    const shown: string[] = [];
    const waiting = new Waiting({ service, trans, show: run => shown.push(run) });
    const told = (): string[] => Notification.manager.notifications.map(each => each.message);
    await until(Notification.manager.changed, () => told().length === 1);
    expect(['n.ipynb waits at step ship: Ship <b>it</b>?']).toEqual(told());
    send({ kind: 'step', data: { run_id: 'r', step: 'ship', attempt: 1, state: 'waiting' } });
    await waiting.decide('r', 'ship', true, 'fine');
    expect(told().length).toBe(1);
    expect('/runs/r/steps/ship/approve').toEqual(asked.at(-1)?.url.split('/api')[1]);
    Notification.manager.notifications[0]?.options.actions?.[0]?.callback(new MouseEvent('click'));
    expect(['r']).toEqual(shown);
    isOpen = false;
    send({ kind: 'step', data: { run_id: 'r', step: 'ship', attempt: 1, state: 'running' } });
    await until(Notification.manager.changed, () => told().length === 0);
  });
});

describe('withStep', () => {
  it('knows what was asked and decided', () => {
    const asked = {
      run_id: 'r',
      question: '?',
      asked_at: '',
      expires_at: null,
      decided_at: null,
      is_ahead: false
    };
    const approval = { ...asked, step: 'a', verdict: 'approved' as const, user: 'ann', why: 'fine' };
    const place = { run_id: 'r', step: 'a', attempt: 1 };
    const [found] = withStep([stepOf('a')], { ...place, state: 'running', approval });
    expect('ann').toEqual(found?.approval?.user);
  });
});
