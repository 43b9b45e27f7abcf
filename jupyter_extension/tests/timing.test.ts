import { afterEach, describe, expect, it, vi } from 'vitest';

import { EDIT_TO_GRAPH, EditTiming } from '../src/graph/timing';

const measures = (): number => performance.getEntriesByName(EDIT_TO_GRAPH).length;

describe('EditTiming', () => {
  afterEach(() => performance.clearMeasures(EDIT_TO_GRAPH));

  it('measures to the answer about the last edit, once', async () => {
    const timing = new EditTiming();
    timing.edited();
    timing.asked();
    timing.edited();
    timing.answered(); // about what was there before the second edit
    timing.rendered();
    timing.asked();
    timing.rendered();
    expect(0).toEqual(measures());
    timing.answered();
    timing.rendered();
    timing.rendered();
    await vi.waitFor(() => expect(1).toEqual(measures()));
  });
});
