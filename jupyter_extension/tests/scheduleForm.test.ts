import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { Client } from '../src/api/client';
import type { Parameter } from '../src/api/types';
import { type FormOptions, ScheduleForm } from '../src/schedules/form';
import { DEFAULT_NOTIFY, notifyBody, notifyOf, withEvent } from '../src/schedules/notify';
import { readTyped, typedOf } from '../src/schedules/parameters';
import { changedWhen, withCron } from '../src/schedules/when';
import { type Answering, fakeServer, json } from './helpers/server';

const trans = nullTranslator.load('nb2pipe');

function parameter(name: string, type: Parameter['type'], value: unknown): Parameter {
  return { name, type, default: value, help: '', cell_index: 0, line: 1, nullable: true };
}

const STORED: NonNullable<FormOptions['stored']> = {
  id: 's1',
  name: 'nightly',
  notebook_path: '/srv/n.ipynb',
  notebook_digest: '',
  trigger: { kind: 'cron', text: '0 2 * * mon-fri', zone: 'Asia/Tokyo' },
  created_at: '2026-01-01T00:00:00+00:00',
  user: 'ann',
  source: 'snapshot',
  parameters: { rows: 5 },
  flags: {},
  images: {},
  policy: {
    missed: 'all',
    stale_after_s: 0,
    overlap: 'queue',
    at_once: 1,
    retries: 2,
    backoff_s: 60,
    timeout_s: null,
    jitter_s: 0,
    starts_at: null,
    ends_at: null,
    pause_after: 0,
    runs_per_day: null,
    minutes_per_day: null,
    late_after_s: 0
  },
  tags: [],
  on_change: null,
  after: [],
  on_call: false,
  notify: null,
  target: '',
  remote_id: '',
  elsewhere: null
};

const TIMES = { trigger: STORED.trigger, times: ['2026-12-01T17:00:00+00:00'] };
const STORED_TIMES = ['2026-12-02T17:00:00+00:00'];
const WRONG = { code: 'N2P801', message: 'The cron text is wrong.', hint: 'Write five fields.' };

/** A form whose service finds cron texts without a 7 wrong, and answers the rest with `keep`. */
function opened(options: Partial<FormOptions> = {}, keep: Answering = () => json({ id: 's1' }, 201)) {
  const { settings, asked } = fakeServer(request => {
    if (request.url.endsWith('/channels')) {
      return json([{ name: 'team', kind: 'mail' }]);
    }
    if (request.url.endsWith('/targets')) {
      return json([]);
    }
    if (request.method === 'GET') {
      return json({ ...STORED, next_times: STORED_TIMES });
    }
    if (!request.url.endsWith('/due-times')) {
      return keep(request);
    }
    return JSON.stringify(request.body).includes('bad') ? json(WRONG, 422) : json(TIMES);
  });
  const client = new Client(settings);
  const form = new ScheduleForm({ client, trans, path: 'n.ipynb', parameters: [], delayMs: 0, ...options });
  return { form, asked };
}

/** Resolves once something holds of the form. */
function until(form: ScheduleForm, holds: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (holds()) {
        form.changed.disconnect(look);
        resolve();
      }
    };
    form.changed.connect(look);
    look();
  });
}

describe('a new schedule', () => {
  it('sends the whole of what was chosen, and only parameters that were typed', async () => {
    const { form, asked } = opened({
      parameters: [parameter('rows', 'int', 10), parameter('name', 'str', 'a')]
    });
    form.set({
      when: withCron(form.fields.when, '0 7 * * mon'),
      zone: 'Asia/Tokyo',
      values: { rows: ' 20 ' }
    });
    expect(await form.keep()).toEqual({ id: 's1' });
    expect(asked.find(each => each.url.endsWith('/schedules'))?.body).toEqual({
      path: 'n.ipynb',
      cron: '0 7 * * mon',
      zone: 'Asia/Tokyo',
      source: 'follow',
      parameters: { rows: 20 },
      policy: { missed: 'once', overlap: 'skip' }
    });
  });

  it('is not ready while the service finds it wrong, and says what to do', async () => {
    const { form } = opened();
    await until(form, () => form.preview.state === 'good');
    expect(form.isReady).toBe(true);
    form.set({ when: withCron(form.fields.when, 'bad') });
    expect([form.preview.state, form.preview.times]).toEqual(['asking', TIMES.times]);
    await until(form, () => form.preview.state === 'wrong');
    expect(form.preview.state === 'wrong' && form.preview.error.text).toBe(
      'The cron text is wrong. Write five fields.'
    );
    expect(form.isReady).toBe(false);
    form.set({ when: changedWhen(form.fields.when, { kind: 'daily' }) });
    await until(form, () => form.preview.state === 'good');
    expect(form.isReady).toBe(true);
  });

  it('keeps all that was entered when the service refuses it, and the reason until the next change', async () => {
    const { form } = opened({}, () =>
      json({ code: 'N2P860', message: 'Taken.', hint: 'Take another.' }, 422)
    );
    form.set({ name: 'mine' });
    const before = form.fields;
    expect(await form.keep()).toBeNull();
    expect([form.error?.text, form.fields]).toEqual(['Taken. Take another.', before]);
    form.set({ name: 'yours' });
    expect(form.error).toBeNull();
  });

  it('can be tried where the service is out of reach, and goes on from a draft', async () => {
    const { form } = opened({ draft: { ...opened().form.fields, name: 'draft' } });
    expect([form.fields.name, form.isTouched]).toEqual(['draft', true]);
    const lost = fakeServer(() => {
      throw new TypeError('no network');
    });
    const offline = new ScheduleForm({
      client: new Client(lost.settings),
      trans,
      path: 'n.ipynb',
      parameters: []
    });
    await until(offline, () => offline.preview.state === 'wrong');
    expect(offline.isReady).toBe(true);
    expect([await offline.keep(), offline.error?.isOffline]).toEqual([null, true]);
  });
});

describe('channels', () => {
  it('are those of the service, and why they are not known is said', async () => {
    const { form } = opened();
    await until(form, () => form.channels.length > 0);
    expect([form.channels, form.channelsError]).toEqual([['team'], null]);
    const broken = fakeServer(() => json({ code: 'N2P901', message: 'No TOML.', hint: 'Mend it.' }, 422));
    const other = new ScheduleForm({
      client: new Client(broken.settings),
      trans,
      path: 'n.ipynb',
      parameters: []
    });
    await until(other, () => other.channelsError !== null);
    expect([other.channels, other.channelsError?.text]).toEqual([[], 'No TOML. Mend it.']);
  });
});

describe('a stored schedule', () => {
  const edited = () => opened({ stored: STORED, parameters: [parameter('rows', 'int', 10)] });

  it('is shown as it is, and nothing is changed that was not', () => {
    const { form } = edited();
    expect(form.fields).toMatchObject({
      zone: 'Asia/Tokyo',
      missed: 'all',
      overlap: 'queue',
      source: 'snapshot'
    });
    expect([form.fields.when.kind, form.typed(parameter('rows', 'int', 10))]).toEqual(['weekdays', '5']);
    expect(form.body).toEqual({});
  });

  it.each([
    [{ zone: 'UTC' }, { zone: 'UTC' }],
    [{ name: ' late ' }, { name: 'late' }],
    [{ name: '  ' }, {}],
    [{ overlap: 'allow' }, { policy: { overlap: 'allow' } }],
    [{ isRetaken: true }, { source: 'snapshot' }],
    [{ values: { rows: '10' } }, { parameters: { rows: 10 } }],
    [{ notify: { ...DEFAULT_NOTIFY, who: 'none' } }, { notify: ['none'] }]
  ] as const)('with %j sends %j', (patch, body) => {
    const { form } = edited();
    form.set(patch);
    expect(form.body).toEqual(body);
  });

  it('shows its own next times, and those that it would have where they are changed', async () => {
    const { form } = edited();
    await until(form, () => form.preview.state === 'good');
    expect(form.preview.times).toEqual(STORED_TIMES);
    form.set({ zone: 'UTC' });
    await until(form, () => form.preview.state === 'good');
    expect(form.preview.times).toEqual(TIMES.times);
  });

  it('that the clock does not set off stays so', () => {
    const { form } = opened({ stored: { ...STORED, trigger: { kind: 'none', zone: 'UTC' } } });
    expect([form.body, form.isReady]).toEqual([{}, true]);
  });
});

describe('parameters', () => {
  it.each([
    ['int', 10, '20', { value: 20 }],
    ['int', 10, '', { error: 'Write a whole number, such as 10.' }],
    ['int', null, '', { value: null }],
    ['int', 10, '1.5', { error: 'Write a whole number, such as 10.' }],
    ['int', 10, '9007199254740993', { error: 'Write a whole number, such as 10.' }],
    ['float', 0.5, '1e-3', { value: 0.001 }],
    ['float', 0.5, 'inf', { error: 'Write a number, such as 0.5.' }],
    ['str', 'a', '', { value: '' }],
    ['str', 'a', '<b>', { value: '<b>' }],
    ['bool', true, false, { value: false }],
    ['list', [1], '[2, 3]', { value: [2, 3] }],
    ['list', [1], '{}', { error: 'Write JSON, such as [1, 2].' }],
    ['dict', {}, '[1]', { error: 'Write JSON, such as {"a": 1}.' }],
    ['any', null, 'null', { value: null }]
  ] as const)('of type %s with default %j and %j typed: %j', (type, value, typed, read) => {
    expect(readTyped(parameter('p', type, value), typed, trans)).toEqual(read);
  });

  it.each([
    ['int', 10],
    ['int', null],
    ['str', 'a'],
    ['bool', false],
    ['list', [1, 'b']],
    ['dict', { a: null }],
    ['none', null]
  ] as const)('of type %s show %j so that it is read again', (type, value) => {
    const found = parameter('p', type, value);
    expect(readTyped(found, typedOf(found, value), trans)).toEqual({ value });
  });
});

describe('who is told', () => {
  it('is said as the service takes it, with what the form does not show', () => {
    expect(notifyBody(DEFAULT_NOTIFY)).toEqual(['default']);
    const stored = notifyOf([{ channel: 'team', events: ['failure', 'late'], only_first: true }]);
    expect(notifyBody(stored)).toEqual(['team:failure,late,only_first']);
    expect(notifyBody(withEvent(stored, 'boss', 'recovery', true))).toEqual([
      'team:failure,late,only_first',
      'boss:recovery'
    ]);
    expect(notifyBody(withEvent(withEvent(stored, 'team', 'late', false), 'team', 'failure', false))).toEqual(
      ['none']
    );
    expect([notifyOf([]).who, notifyOf(null).who]).toEqual(['none', 'default']);
  });
});
