import { describe, expect, it } from 'vitest';

import { Client } from '../src/api/client';
import { EventFeed } from '../src/api/events';
import { type Listed, ScheduleList } from '../src/schedules/list';
import { type Answering, fakeServer, json } from './helpers/server';

const GONE = { code: 'N2P854', message: 'There is no schedule “s1”.', hint: 'Look at the list.' };
const HELD = { code: 'N2P808', message: 'Another comes after it.', hint: 'Delete that first.' };

function entry(name: string): Listed {
  return {
    id: 's1',
    name,
    standing: 'active',
    reason: '',
    schedule: null,
    next_due_at: null,
    last_due_at: null,
    failures: 0,
    watches: [],
    after: [],
    used: null,
    notebook: null,
    last_state: null
  };
}

/** A list of whatever `names` holds, whose service answers changes with `change`. */
function opened(names: string[], change: Answering = () => json({})) {
  const { settings, asked } = fakeServer(request =>
    request.method === 'GET'
      ? json({ schedules: names.map(entry), scheduler: null, total: names.length })
      : change(request)
  );
  const client = new Client(settings);
  const list = new ScheduleList({ client, events: new EventFeed({ client }) });
  return { list, asked };
}

/** Resolves once the list holds these names. */
function shows(list: ScheduleList, names: string[]): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (JSON.stringify(list.answer?.schedules.map(each => each.name)) === JSON.stringify(names)) {
        list.changed.disconnect(look);
        resolve();
      }
    };
    list.changed.connect(look);
    look();
  });
}

describe('the list of schedules', () => {
  it('is loaded at once, and again after each change', async () => {
    const names = ['nightly'];
    const { list } = opened(names, () => {
      names[0] = 'paused';
      return json({});
    });
    await shows(list, ['nightly']);
    const pausing = list.pause(entry('nightly'));
    expect(list.isBusy('s1')).toBe(true);
    expect(await pausing).toBe(true);
    expect(list.isBusy('s1')).toBe(false);
    await shows(list, ['paused']);
  });

  it('says that a schedule was deleted elsewhere, and shows what there is now', async () => {
    const names = ['nightly'];
    const { list } = opened(names, () => {
      names.pop();
      return json(GONE, 404);
    });
    await shows(list, ['nightly']);
    expect(await list.trigger(entry('nightly'))).toBe(false);
    expect([list.gone, list.error]).toEqual(['nightly', null]);
    await shows(list, []);
  });

  it('takes the deletion of what is gone for done', async () => {
    const { list } = opened([], () => json(GONE, 404));
    expect(await list.remove(entry('nightly'))).toBe(true);
    expect([list.gone, list.error]).toEqual(['', null]);
  });

  it('shows why something was refused, keeps the list, and forces only when told to', async () => {
    const { list, asked } = opened(['nightly'], ({ url }) =>
      url.endsWith('force=true') ? json({}) : json(HELD, 422)
    );
    await shows(list, ['nightly']);
    expect(await list.remove(entry('nightly'))).toBe(false);
    expect([list.error?.text, list.answer?.total]).toEqual(['Another comes after it. Delete that first.', 1]);
    expect(await list.remove(entry('nightly'), true)).toBe(true);
    expect(list.error).toBeNull();
    expect(asked.filter(each => each.method === 'DELETE')).toHaveLength(2);
  });

  it('asks no more once it is disposed', async () => {
    const { list, asked } = opened(['nightly']);
    await shows(list, ['nightly']);
    const before = asked.length;
    list.dispose();
    list.refresh();
    await Promise.resolve();
    expect(asked).toHaveLength(before);
  });
});
