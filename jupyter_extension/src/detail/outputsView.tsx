/** What the cells of a step showed, to be folded out. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { LiveStep } from '../run/liveSteps';
import type { Outputs, ShownOutput } from './outputs';
import { UnfoldedView } from './unfoldedView';

interface OutputsProps {
  step: LiveStep;
  outputs: Outputs;
  trans: TranslationBundle;
}

export function OutputsView({ step, outputs, trans }: OutputsProps): ReactElement {
  const state = outputs.of(step);
  const Icon = state ? caretDownIcon.react : caretRightIcon.react;
  return (
    <div className="nb2pipe-StepView-values nb2pipe-Outputs">
      <button type="button" aria-expanded={state !== null} onClick={() => outputs.toggle(step)}>
        <Icon tag="span" width="14px" height="14px" />
        {trans.__('Pictures and results of its cells')}
      </button>
      {state && (
        <UnfoldedView
          state={state}
          show={found => <Opened outputs={found} name={step.step} trans={trans} />}
          trans={trans}
        />
      )}
    </div>
  );
}

interface OpenedProps {
  outputs: readonly ShownOutput[];
  name: string;
  trans: TranslationBundle;
}

function Opened({ outputs, name, trans }: OpenedProps): ReactElement {
  if (outputs.length === 0) {
    return (
      <p className="nb2pipe-Log-empty">
        {trans.__('Its cells showed none. What they printed is in the log.')}
      </p>
    );
  }
  return (
    <>
      {outputs.map((output, at) => (
        <One key={at} output={output} label={trans.__('Output %1 of step %2', at + 1, name)} trans={trans} />
      ))}
    </>
  );
}

interface OneProps {
  output: ShownOutput;
  label: string;
  trans: TranslationBundle;
}

function One({ output, label, trans }: OneProps): ReactElement {
  return output.kind === 'picture' ? (
    <img className="nb2pipe-Outputs-picture" src={output.url} alt={label} />
  ) : (
    <>
      <pre className="nb2pipe-Preview-text" tabIndex={0}>
        {output.text}
      </pre>
      {output.isCut && <p className="nb2pipe-Log-empty">{trans.__('Only the beginning is shown.')}</p>}
    </>
  );
}
