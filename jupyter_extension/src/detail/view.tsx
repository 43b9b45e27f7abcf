/** All about one run, in the main area. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactFlowProvider } from '@xyflow/react';
import type { ReactElement } from 'react';

import type { Run } from '../api/types';
import { Canvas } from '../graph/canvas';
import { GraphProvider } from '../graph/context';
import { Detail } from '../graph/detail';
import type { GraphModel } from '../graph/graphModel';
import { StateMark } from '../graph/stateMark';
import { isFinal } from '../run/liveSteps';
import { Notices, useNow, type RunActions } from '../run/view';
import { Empty } from '../ui/empty';
import { Legend } from '../ui/legend';
import { Problem } from '../ui/problem';
import { Head } from './head';
import type { DetailModel, DetailView } from './model';
import { StepTable } from './stepTable';
import { StepView } from './stepView';
import { TimelineView } from './timelineView';

export interface DetailActions extends RunActions {
  openRun: (id: string) => void;
  /** Look at the notebook as the run left it. */
  executed: (run: Run) => void;
  copyOutputs: (run: Run) => void;
  /** Of a value or a metric, by the name that the service knows it by. */
  lineage: (name: string, label: string, kind?: 'metric') => void;
}
export interface DetailProps {
  model: DetailModel;
  /** Null until the pipeline is read. */
  graph: GraphModel | null;
  actions: DetailActions;
  trans: TranslationBundle;
}
export interface StepsProps {
  model: DetailModel;
  /** Milliseconds. */
  now: number;
  trans: TranslationBundle;
}

export function RunDetailView(props: DetailProps): ReactElement {
  const { model, actions, trans } = props;
  const { run, shown, steps } = model;
  const isGoing = run !== null && !isFinal(run.state) && !shown.live?.isRemoved;
  const ticking = useNow(isGoing);
  const now = isGoing || !run?.ended_at ? ticking : Date.parse(run.ended_at);
  return (
    <>
      <Notices shown={shown} trans={trans} />
      {run && <Head model={model} run={run} now={now} actions={actions} trans={trans} />}
      {run && steps.length === 0 && isFinal(run.state) && (
        <Empty title={trans.__('No step was begun')}>
          {trans.__('The run ended before its first step.')}
        </Empty>
      )}
      {run && steps.length > 0 && (
        <div className="nb2pipe-RunDetail-body">
          <Steps {...props} now={now} />
          {shown.step && <StepView {...props} run={run} step={shown.step} now={now} />}
        </div>
      )}
    </>
  );
}

function Steps(props: DetailProps & { now: number }): ReactElement {
  const { model, trans } = props;
  const views: Record<DetailView, string> = {
    timeline: trans.__('Timeline'),
    table: trans.__('Table'),
    graph: trans.__('Graph')
  };
  return (
    <section className="nb2pipe-RunDetail-steps" aria-label={trans.__('Steps')}>
      <div className="nb2pipe-RunDetail-views" role="group" aria-label={trans.__('Show the steps as')}>
        {(Object.keys(views) as DetailView[]).map(view => (
          <button
            key={view}
            type="button"
            aria-pressed={model.view === view}
            onClick={() => model.setView(view)}
          >
            {views[view]}
          </button>
        ))}
        <span className="nb2pipe-Run-facts">{trans._n('%1 step', '%1 steps', model.steps.length)}</span>
      </div>
      {model.view === 'timeline' && <TimelineView {...props} />}
      {model.view === 'table' && <StepTable {...props} />}
      {model.view === 'graph' && <Graph {...props} />}
    </section>
  );
}

function Graph({ model, graph, trans }: DetailProps): ReactElement {
  if (!graph) {
    const problem = model.pipelineProblem;
    return problem ? (
      <Problem problem={problem} trans={trans} />
    ) : (
      <p className="nb2pipe-Log-empty">{trans.__('Reading …')}</p>
    );
  }
  const go = ({ index }: { index: number }): void => {
    const step = model.pipeline?.steps.find(each => each.cells.includes(index));
    if (step) {
      model.shown.choose(step.name);
    }
  };
  return (
    <GraphProvider value={{ model: graph, trans, go }}>
      <ReactFlowProvider>
        <Canvas found={null} />
      </ReactFlowProvider>
      <Legend
        states={model.steps.map(each => each.state)}
        mark={state => (
          <span className="nb2pipe-Legend-node" data-state={state}>
            <StateMark state={{ state }} />
          </span>
        )}
        trans={trans}
      />
      <Detail />
    </GraphProvider>
  );
}
