/** What was folded out: a word while it is read, what went wrong, or the thing itself. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { Problem } from '../ui/problem';
import type { Unfolding } from './unfolded';

interface UnfoldedViewProps<V> {
  state: Unfolding<V>;
  show: (value: V) => ReactElement;
  trans: TranslationBundle;
}

export function UnfoldedView<V>({ state, show, trans }: UnfoldedViewProps<V>): ReactElement {
  const { value, problem } = state;
  if (problem) {
    return <Problem problem={problem} trans={trans} />;
  }
  return value === null ? <p className="nb2pipe-Log-empty">{trans.__('Reading …')}</p> : show(value);
}
