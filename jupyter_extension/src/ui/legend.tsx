/** What the colours of a picture mean. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement, ReactNode } from 'react';

import type { RunState } from '../api/types';
import { stateWord } from './words';

/** In the order in which a step comes to them. */
const ORDER: readonly RunState[] = [
  'queued',
  'waiting',
  'running',
  'succeeded',
  'cached',
  'failed',
  'skipped',
  'cancelled',
  'interrupted'
];

export interface LegendProps {
  /** All that the picture has; each is explained once. */
  states: readonly RunState[];
  /** Draws a state as the picture does: with the same classes, so that the colours are the same in every theme. */
  mark: (state: RunState) => ReactNode;
  trans: TranslationBundle;
  /** Further entries. */
  children?: ReactNode;
}

export function Legend({ states, mark, trans, children }: LegendProps): ReactElement {
  return (
    <ul className="nb2pipe-Legend" aria-label={trans.__('What the colours mean')}>
      {ORDER.filter(state => states.includes(state)).map(state => (
        <li key={state} data-state={state}>
          {mark(state)}
          {stateWord(state, trans)}
        </li>
      ))}
      {children}
    </ul>
  );
}
