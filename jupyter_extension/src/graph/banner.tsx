/** What is to be known before one looks at the picture. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { Action } from '../ui/action';
import { Empty } from '../ui/empty';
import type { GraphModel } from './graphModel';

/** Why the picture is not of the notebook as it is now; nothing while it is. */
export function Banner({
  model,
  trans
}: {
  model: GraphModel;
  trans: TranslationBundle;
}): ReactElement | null {
  const { problem, state } = model.source;
  const refusal = model.findings.find(each => each.severity === 'error');
  const isOld = model.isOld && model.pipeline !== null;
  if (!problem && !(isOld && state === 'failed')) {
    return null;
  }
  const before = trans.__('The graph is as it was before.');
  return (
    <div className="nb2pipe-Banner" role="alert" data-state={state}>
      <strong>{problem?.message ?? refusal?.message}</strong> {problem ? problem.hint : refusal?.hint}{' '}
      {isOld && before}
    </div>
  );
}

/** Ways to begin with a notebook that has no tags. */
export interface Beginnings {
  propose: () => void;
  startStep: () => void;
}

/** How to begin. */
export function Untagged({
  begin,
  trans
}: {
  begin: Beginnings | null;
  trans: TranslationBundle;
}): ReactElement {
  return (
    <Empty title={trans.__('Tag a cell to start a step')}>
      <p>
        {trans.__(
          'A step runs the cells from its tag to the next one. Select a cell and press T, then S, or choose nb2pipe in its context menu.'
        )}
      </p>
      {begin && (
        <>
          <Action onClick={begin.propose}>{trans.__('Steps from headings…')}</Action>
          <Action onClick={begin.startStep}>{trans.__('Start a step here…')}</Action>
        </>
      )}
    </Empty>
  );
}

/** Where things stand, in a word or two. */
export function headline(model: GraphModel, trans: TranslationBundle): string {
  switch (model.isEmpty ? 'empty' : model.source.state) {
    case 'empty':
      return '';
    case 'checking':
      return trans.__('Looking …');
    case 'good':
      return trans._n('%1 step', '%1 steps', model.pipeline?.steps.length ?? 0);
    case 'failed':
      return trans.__('Would be refused');
    case 'offline':
      return trans.__('Not connected');
  }
}
