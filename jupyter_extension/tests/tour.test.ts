import { expect, it } from 'vitest';

import { freeName } from '../src/tour/name';

it.each([
  [[], 'tour.ipynb'],
  [['tour.ipynb', 'other.ipynb'], 'tour-1.ipynb'],
  [['tour.ipynb', 'tour-1.ipynb'], 'tour-2.ipynb']
])('a copy takes no name that is taken: %j', (others, expected) => {
  expect(expected).toEqual(freeName('tour', others));
});
