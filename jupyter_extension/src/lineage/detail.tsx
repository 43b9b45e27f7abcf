/** What one looks at, in words: what it is, where it is from, and what is next to it. */

import { PathExt } from '@jupyterlab/coreutils';
import type { ReactElement, ReactNode } from 'react';

import type { Lineage, LineageNode } from '../api/types';
import { StateMark } from '../run/view';
import { durationText, timeText } from '../ui/words';
import { useLineage } from './context';
import { LookMark } from './look';
import {
  factOf,
  givenText,
  lookOf,
  lookWord,
  makersOf,
  nameOf,
  notebookOf,
  sentenceOf,
  sizeText,
  subjectOf,
  usersOf,
  valueText
} from './words';

const MOST_LISTED = 12;

interface DetailProps {
  answer: Lineage;
  /** Nodes that are looked at. */
  nodes: readonly LineageNode[];
}

export function Detail({ answer, nodes }: DetailProps): ReactElement {
  const { trans } = useLineage();
  const [only] = nodes;
  return (
    <aside className="nb2pipe-Lineage-detail" aria-label={trans.__('What you look at')}>
      {only && nodes.length === 1 ? (
        <One node={only} answer={answer} />
      ) : (
        <Several nodes={nodes} answer={answer} />
      )}
    </aside>
  );
}

function Several({ nodes, answer }: DetailProps): ReactElement {
  const { trans, showRun } = useLineage();
  const { target } = answer;
  const run = answer.runs[target.run_id];
  return (
    <>
      <section>
        <h3>{run ? trans.__('Run of %1', notebookOf(run)) : PathExt.basename(target.path)}</h3>
        <dl>{run ? <RunFacts run={run} /> : <Fact name={trans.__('Path')}>{target.path}</Fact>}</dl>
        {run && (
          <button className="nb2pipe-Link" onClick={() => showRun(run.id)}>
            {trans.__('Show run')}
          </button>
        )}
      </section>
      <Neighbours
        title={run ? trans.__('Its steps') : trans.__('Its versions')}
        nodes={nodes}
        answer={answer}
      />
    </>
  );
}

function One({ node, answer }: { node: LineageNode; answer: Lineage }): ReactElement {
  const { trans } = useLineage();
  const look = lookOf(node);
  return (
    <>
      <section>
        <h3>
          <LookMark look={look} /> {lookWord(look, trans)} {nameOf(node)}
        </h3>
        <dl>
          <Facts node={node} answer={answer} />
          {node.kind !== 'step' && <MadeBy node={node} answer={answer} />}
        </dl>
        {node.kind === 'step' && <StepMore node={node} answer={answer} />}
        {node.kind === 'file' && <FileMore node={node} answer={answer} />}
      </section>
      <Neighbours title={trans.__('Made from')} nodes={makersOf(node.id, answer)} answer={answer} />
      <Neighbours title={trans.__('Used by')} nodes={usersOf(node.id, answer)} answer={answer} />
      {makersOf(node.id, answer).length + usersOf(node.id, answer).length === 0 && (
        <p>{trans.__('No run recorded what it was made from, or what used it.')}</p>
      )}
    </>
  );
}

function Facts({ node, answer }: { node: LineageNode; answer: Lineage }): ReactElement {
  const { trans } = useLineage();
  switch (node.kind) {
    case 'metric':
      return <Fact name={trans.__('Value')}>{valueText(node.value)}</Fact>;
    case 'artifact':
      return (
        <>
          <Fact name={trans.__('Type')}>{node.type}</Fact>
          <Fact name={trans.__('What')}>{node.preview}</Fact>
          <Fact name={trans.__('Size')}>{sizeText(node.size_bytes)}</Fact>
          <Fact name={trans.__('Version')}>{node.digest.slice(0, 12)}</Fact>
        </>
      );
    case 'file':
      return (
        <>
          <Fact name={trans.__('Path')}>{node.path}</Fact>
          <Fact name={trans.__('Size')}>{sizeText(node.size_bytes)}</Fact>
          <Fact name={trans.__('Version')}>{node.digest.slice(0, 12)}</Fact>
        </>
      );
    case 'step': {
      const run = answer.runs[node.run_id];
      return (
        <>
          <Fact name={trans.__('State')}>
            <StateMark state={node.step.state} trans={trans} />
          </Fact>
          <Fact name={trans.__('Why')}>{node.step.reason}</Fact>
          {run && <RunFacts run={run} />}
          <Fact name={trans.__('Took')}>{durationText(node.step.duration_s)}</Fact>
          <Fact name={trans.__('Parameters')}>{givenText(node.step.parameters)}</Fact>
          <Fact name={trans.__('Python')}>{node.step.observation.python}</Fact>
          <Fact name={trans.__('Image')}>{node.step.observation.image}</Fact>
        </>
      );
    }
  }
}

/** Who made it, when, with which code and parameters; nothing where no run did. */
function MadeBy({ node, answer }: { node: LineageNode; answer: Lineage }): ReactElement | null {
  const { trans } = useLineage();
  const maker = makersOf(node.id, answer).find(each => each.kind === 'step');
  const run = maker?.kind === 'step' ? answer.runs[maker.run_id] : undefined;
  return maker?.kind === 'step' && run ? (
    <>
      <Fact name={trans.__('Made by step')}>{maker.step.step}</Fact>
      <Fact name={trans.__('Parameters')}>{givenText(maker.step.parameters)}</Fact>
      <RunFacts run={run} />
    </>
  ) : null;
}

function RunFacts({ run }: { run: Lineage['runs'][string] }): ReactElement {
  const { trans } = useLineage();
  return (
    <>
      <Fact name={trans.__('Notebook')}>{run.notebook ?? run.notebook_path}</Fact>
      <Fact name={trans.__('When')}>{timeText(run.created_at)}</Fact>
      <Fact name={trans.__('By')}>{run.schedule_id ? trans.__('a schedule of %1', run.user) : run.user}</Fact>
      <Fact name={trans.__('Run')}>{run.id}</Fact>
      <Fact name={trans.__('Code version')}>{run.notebook_digest.slice(0, 12)}</Fact>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement | null {
  return children === '' || children === null ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function StepMore({ node, answer }: { node: LineageNode & { kind: 'step' }; answer: Lineage }): ReactElement {
  const { trans, showRun, openCell } = useLineage();
  const notebook = answer.runs[node.run_id]?.notebook ?? null;
  const own = node.code.filter(cell => !cell.is_setup);
  return (
    <>
      <div className="nb2pipe-Lineage-links">
        <button className="nb2pipe-Link" onClick={() => showRun(node.run_id)}>
          {trans.__('Show run')}
        </button>
        {notebook !== null && own[0] && (
          <button
            className="nb2pipe-Link"
            onClick={() => openCell({ path: notebook, cellId: own[0]?.id ?? null })}
          >
            {trans.__('Open its first cell')}
          </button>
        )}
      </div>
      {own.length > 0 && (
        <details>
          <summary>{trans.__('Code as it ran')}</summary>
          {own.map(cell => (
            <pre key={cell.index} tabIndex={0} aria-label={trans.__('Cell %1', cell.index + 1)}>
              {cell.source}
            </pre>
          ))}
        </details>
      )}
    </>
  );
}

function FileMore({ node, answer }: { node: LineageNode & { kind: 'file' }; answer: Lineage }): ReactElement {
  const { model, trans } = useLineage();
  const now = answer.digest_now;
  return (
    <>
      {now !== '' && node.digest !== '' && (
        <p>
          {now === node.digest
            ? trans.__('The file is still this version.')
            : trans.__('The file has changed since: it is another version now.')}
        </p>
      )}
      {answer.target.digest !== '' && (
        <button
          className="nb2pipe-Link"
          onClick={() => void model.walk({ name: node.path, label: nameOf(node) })}
        >
          {trans.__('All versions of this file')}
        </button>
      )}
    </>
  );
}

function Neighbours({ title, nodes, answer }: DetailProps & { title: string }): ReactElement | null {
  const { model, trans } = useLineage();
  if (nodes.length === 0) {
    return null;
  }
  const listed = nodes.slice(-MOST_LISTED).reverse(); // newest first
  return (
    <section>
      <h4>{title}</h4>
      <ul>
        {listed.map(node => (
          <li key={node.id}>
            <button
              type="button"
              className="nb2pipe-Lineage-neighbour"
              title={sentenceOf(node, answer, trans)}
              onClick={() => void model.walk(subjectOf(node, answer))}
            >
              <LookMark look={lookOf(node)} />
              <span className="nb2pipe-Lineage-name">{nameOf(node)}</span>
              <span className="nb2pipe-Lineage-fact">{factOf(node, answer, trans)}</span>
            </button>
          </li>
        ))}
        {nodes.length > listed.length && (
          <li>{trans.__('and %1 earlier ones', nodes.length - listed.length)}</li>
        )}
      </ul>
    </section>
  );
}
