/** What the panel shows of one pipeline. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement, ReactNode } from 'react';

import type { Diagnostic, Step } from '../api/types';
import type { PipelineModel } from '../notebook/pipelineModel';

interface ViewProps {
  model: PipelineModel;
  trans: TranslationBundle;
}

/** The finding of a notebook without any code: no fault, but a beginning. */
const NO_CODE = 'N2P008';
/** The step of cells before the first tag. */
const UNTAGGED = 'start';

export function PipelineView({ model, trans }: ViewProps): ReactElement {
  const isEmpty = model.diagnostics.some(each => each.code === NO_CODE);
  const shown = isEmpty ? null : (model.pipeline ?? model.lastGood);
  const steps = shown?.steps ?? [];
  const isOld = model.pipeline === null || model.state === 'offline';
  return (
    <>
      <header className="nb2pipe-Panel-header">
        <h2 className="nb2pipe-Panel-title">{shown?.name ?? trans.__('Pipeline')}</h2>
        <span className="nb2pipe-Panel-state" role="status" data-state={model.state}>
          {isEmpty ? '' : stateText(model, trans)}
        </span>
      </header>
      {model.problem && <Problem {...model.problem} />}
      <div className={isOld ? 'nb2pipe-Panel-body nb2pipe-mod-old' : 'nb2pipe-Panel-body'}>
        {steps.length > 0 && <StepList steps={steps} trans={trans} />}
      </div>
      {(isEmpty || (shown && steps.every(step => step.name === UNTAGGED))) && (
        <Empty title={trans.__('Tag a cell to start a step')}>
          {trans.__('A step runs the cells from its tag, such as step:load, to the next one.')}
        </Empty>
      )}
      {!isEmpty && model.diagnostics.length > 0 && <FindingList found={model.diagnostics} trans={trans} />}
    </>
  );
}

/** A text where there is nothing to show, which says what would change that. */
export function Empty({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <div className="nb2pipe-Panel-empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

function stateText(model: PipelineModel, trans: TranslationBundle): string {
  switch (model.state) {
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

function StepList({ steps, trans }: { steps: readonly Step[]; trans: TranslationBundle }): ReactElement {
  return (
    <section aria-label={trans.__('Steps')}>
      <h3 className="nb2pipe-Panel-section">{trans.__('Steps')}</h3>
      <ol className="nb2pipe-Steps">
        {steps.map(step => (
          <li key={step.name} data-step={step.name}>
            <span className="nb2pipe-Steps-name">{step.name}</span>
            <Flow label={trans.__('in')} names={step.inputs.map(port => port.name)} />
            <Flow label={trans.__('out')} names={step.outputs} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Flow({ label, names }: { label: string; names: readonly string[] }): ReactElement | null {
  return names.length === 0 ? null : (
    <span className="nb2pipe-Steps-flow">
      {label} <code>{names.join(', ')}</code>
    </span>
  );
}

function FindingList({
  found,
  trans
}: {
  found: readonly Diagnostic[];
  trans: TranslationBundle;
}): ReactElement {
  return (
    <section aria-label={trans.__('Findings')}>
      <h3 className="nb2pipe-Panel-section">{trans.__('Findings')}</h3>
      <ul className="nb2pipe-Findings">
        {found.map((each, index) => (
          <li key={index} data-severity={each.severity} data-code={each.code}>
            {each.message}
            {each.hint && <span className="nb2pipe-Findings-hint">{each.hint}</span>}
            <span className="nb2pipe-Findings-where">
              {[each.location, each.code].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Problem({ message, hint }: { message: string; hint: string }): ReactElement {
  return (
    <div className="nb2pipe-Panel-empty" role="alert">
      <strong>{message}</strong>
      {hint}
    </div>
  );
}
