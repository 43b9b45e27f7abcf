import { describe, expect, it } from 'vitest';

import { Client } from '../src/api/client';
import { LogModel } from '../src/run/logModel';
import { fakeServer, json } from './helpers/server';

const place = { run_id: 'r', step: 'a', attempt: 1 };

/** A log on a server, which may grow, and a model of it. */
function logOf(text: string): { file: { text: string }; model: LogModel; asked: { url: string }[] } {
  const file = { text };
  const { settings, asked } = fakeServer(({ url }) => {
    const query = new URL(url).searchParams;
    const given = Number(query.get('offset'));
    const offset = given < 0 ? Math.max(0, file.text.length + given) : given;
    const part = file.text.slice(offset, offset + Number(query.get('limit')));
    const size_bytes = file.text.length;
    return json({ text: part, offset, next_offset: offset + part.length, size_bytes, is_whole: false });
  });
  return {
    file,
    model: new LogModel({ client: new Client(settings), run: 'r', step: 'a', attempt: 1 }),
    asked
  };
}

describe('LogModel', () => {
  it('takes events that follow, and reads what lies between where one does not', async () => {
    const { file, model, asked } = logOf('one\n');
    await model.read();
    model.take({ ...place, offset: 4, next_offset: 8, text: 'two\n' });
    expect('one\ntwo\n').toBe(model.text);
    model.take({ ...place, offset: 0, next_offset: 4, text: 'one\n' }); // known
    model.take({ ...place, step: 'b', offset: 8, next_offset: 10, text: 'b\n' });
    expect([1, 'one\ntwo\n']).toEqual([asked.length, model.text]);
    file.text = 'one\ntwo\nthree\nfour\n';
    const isRead = new Promise<void>(resolve => model.changed.connect(() => resolve()));
    model.take({ ...place, offset: 14, next_offset: 19, text: 'four\n' });
    await isRead;
    expect(file.text).toBe(model.text);
  });

  it('shows the end of a long log, and all of it when asked', async () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join('');
    const { model } = logOf(text);
    await model.read();
    expect([true, true]).toEqual([model.isCut, model.text.length < text.length / 2]);
    expect(true).toBe(model.text.endsWith('line 99999\n'));
    await model.showAll();
    expect([false, text]).toEqual([model.isCut, model.text]);
  });

  it('says why it cannot be read, and that a step without a log printed nothing', async () => {
    const statuses = [404, 500];
    const { settings } = fakeServer(() =>
      json({ code: 'N2P810', message: 'No.', hint: 'Look.' }, statuses.shift())
    );
    const model = new LogModel({ client: new Client(settings), run: 'r', step: 'a', attempt: 1 });
    await model.read();
    expect([null, '', true]).toEqual([model.problem, model.text, model.isRead]);
    await model.read();
    expect('No. Look.').toBe(model.problem?.text);
  });
});
