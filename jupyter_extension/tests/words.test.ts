import { expect, it } from 'vitest';

import { findingText, shortTimeText } from '../src/ui/words';

it('says the time of day where it is this year, else the year', () => {
  const now = new Date('2026-11-28T12:00:00');
  expect([true, false]).toEqual(
    ['2026-11-27T10:05:00', '2025-11-27T10:05:00'].map(iso => shortTimeText(iso, now).includes('05'))
  );
  expect([false, true]).toEqual(
    ['2026-11-27T10:05:00', '2025-11-27T10:05:00'].map(iso => shortTimeText(iso, now).includes('2025'))
  );
});

it('keeps what was found and what to do apart', () => {
  expect(['no image: name one', 'It is wrong. Mend it.', 'only this']).toEqual([
    findingText({ message: 'no image', hint: 'name one' }),
    findingText({ message: 'It is wrong.', hint: 'Mend it.' }),
    findingText({ message: 'only this', hint: '' })
  ]);
});
