/** What one step read, made and printed. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import type { ReactElement, ReactNode } from 'react';

import type { Run, StepRun } from '../api/types';
import { Failure } from '../run/failure';
import { isFinal, type LiveStep } from '../run/liveSteps';
import { LogView } from '../run/logView';
import { factsOf, StateMark } from '../run/view';
import type { DetailModel } from './model';
import { OutputsView } from './outputsView';
import { PreviewView } from './previewView';
import { UnfoldedView } from './unfoldedView';
import { shortId, sizeText } from './words';
import type { DetailActions, StepsProps } from './view';

/** More rows make a list that nobody reads. */
const MOST_ROWS = 200;

interface StepViewProps extends StepsProps {
  run: Run;
  step: LiveStep;
  actions: DetailActions;
}

export function StepView(props: StepViewProps): ReactElement {
  const { model, run, step, now, actions, trans } = props;
  const made = model.madeBy(step);
  return (
    <section className="nb2pipe-StepView" aria-label={trans.__('Step %1', step.step)}>
      <header>
        <h3>{step.step}</h3>
        <StateMark state={step.state} trans={trans} />
        <span className="nb2pipe-Run-facts">{factsOf(step, now, trans)}</span>
      </header>
      {step.reason && <p className="nb2pipe-Run-facts">{step.reason}</p>}
      {made?.cached_from && <CachedFrom id={made.cached_from} actions={actions} trans={trans} />}
      <Failure run={run} step={step} openCell={actions.openCell} trans={trans} />
      {made && made.metrics.length > 0 && <Metrics made={made} actions={actions} trans={trans} />}
      {made && <Artifacts made={made} model={model} actions={actions} trans={trans} />}
      {isFinal(step.state) && step.started_at && (
        <OutputsView step={step} outputs={model.outputs} trans={trans} />
      )}
      {made && made.inputs.length > 0 && <Inputs made={made} model={model} trans={trans} />}
      {made && made.data.length > 0 && <Files made={made} trans={trans} />}
      <LogView key={`${run.id} ${step.step}`} step={step} log={model.shown.log} trans={trans} />
    </section>
  );
}

function CachedFrom({
  id,
  actions,
  trans
}: {
  id: string;
  actions: DetailActions;
  trans: TranslationBundle;
}): ReactElement {
  return (
    <p className="nb2pipe-Run-facts">
      {trans.__('Its results were made by')}{' '}
      <button type="button" className="nb2pipe-Link" title={id} onClick={() => actions.openRun(id)}>
        {trans.__('run %1', shortId(id))}
      </button>
    </p>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <section aria-label={title}>
      <h4 className="nb2pipe-Panel-section">{title}</h4>
      {children}
    </section>
  );
}

function Metrics({
  made,
  actions,
  trans
}: {
  made: StepRun;
  actions: DetailActions;
  trans: TranslationBundle;
}): ReactElement {
  return (
    <Section title={trans.__('Metrics')}>
      <dl className="nb2pipe-StepView-metrics">
        {made.metrics.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <button
                type="button"
                className="nb2pipe-Link"
                title={trans.__('Show lineage')}
                onClick={() => actions.lineage(`${made.run_id}/${name}`, name, 'metric')}
              >
                {typeof value === 'string' ? value : JSON.stringify(value)}
              </button>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

interface MadeProps {
  made: StepRun;
  model: DetailModel;
  trans: TranslationBundle;
}

type ArtifactsProps = MadeProps & { actions: DetailActions };

function Artifacts({ made, model, actions, trans }: ArtifactsProps): ReactElement | null {
  const shown = made.artifacts.filter(each => !each.name.startsWith('@'));
  return shown.length === 0 ? null : (
    <Section title={trans.__('Saved values')}>
      <ul className="nb2pipe-StepView-values">
        {shown.slice(0, MOST_ROWS).map(each => (
          <Artifact
            key={each.name}
            artifact={each}
            made={made}
            model={model}
            actions={actions}
            trans={trans}
          />
        ))}
      </ul>
      <More count={shown.length - MOST_ROWS} trans={trans} />
    </Section>
  );
}

function Artifact({
  artifact,
  made,
  model,
  actions,
  trans
}: ArtifactsProps & { artifact: StepRun['artifacts'][number] }): ReactElement {
  const state = model.previews.of({ step: made.step, artifact: artifact.name });
  const Icon = state ? caretDownIcon.react : caretRightIcon.react;
  return (
    <li>
      <button
        type="button"
        data-artifact={artifact.name}
        aria-expanded={state !== null}
        title={artifact.type}
        onClick={() => model.previews.toggle({ step: made.step, artifact: artifact.name })}
      >
        <Icon tag="span" width="14px" height="14px" />
        <code>{artifact.name}</code>
        <span>{[artifact.type.split('.').at(-1), artifact.preview].filter(Boolean).join(' · ')}</span>
        <span className="nb2pipe-StepView-size">{sizeText(artifact.size_bytes)}</span>
      </button>
      {state && (
        <UnfoldedView
          state={state}
          show={found => <PreviewView preview={found} trans={trans} />}
          trans={trans}
        />
      )}
      {state && (
        <button
          type="button"
          className="nb2pipe-Link"
          onClick={() => actions.lineage(`${made.run_id}/${made.step}/${artifact.name}`, artifact.name)}
        >
          {trans.__('Show lineage')}
        </button>
      )}
    </li>
  );
}

function Inputs({ made, model, trans }: MadeProps): ReactElement {
  const shown = made.inputs.filter(each => !each.name.startsWith('@'));
  return (
    <Section title={trans.__('Read from other steps')}>
      <ul className="nb2pipe-StepView-list">
        {shown.slice(0, MOST_ROWS).map(each => (
          <li key={each.name}>
            <code>{each.name}</code>{' '}
            <button type="button" className="nb2pipe-Link" onClick={() => model.shown.choose(each.step)}>
              {trans.__('of step %1', each.step)}
            </button>
          </li>
        ))}
      </ul>
      <More count={shown.length - MOST_ROWS} trans={trans} />
    </Section>
  );
}

function Files({ made, trans }: { made: StepRun; trans: TranslationBundle }): ReactElement {
  const words = { read: trans.__('read'), written: trans.__('written'), removed: trans.__('removed') };
  return (
    <Section title={trans.__('Files and addresses')}>
      <ul className="nb2pipe-StepView-list">
        {made.data.slice(0, MOST_ROWS).map(each => (
          <li key={`${each.use} ${each.path}`}>
            <span className="nb2pipe-Run-facts">{words[each.use]}</span> <code>{each.path}</code>{' '}
            {each.size_bytes !== null && (
              <span className="nb2pipe-Run-facts">{sizeText(each.size_bytes)}</span>
            )}
          </li>
        ))}
      </ul>
      <More count={made.data.length - MOST_ROWS} trans={trans} />
    </Section>
  );
}

function More({ count, trans }: { count: number; trans: TranslationBundle }): ReactElement | null {
  return count > 0 ? <p className="nb2pipe-Log-empty">{trans.__('… and %1 more', count)}</p> : null;
}
