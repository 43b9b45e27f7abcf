/** Steps, chains of steps, and frames around steps that may run side by side. */

import { expandIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import type { ReactElement } from 'react';

import type { Diagnostic } from '../api/types';
import type { StepState } from '../notebook/stepStates';
import { useGraph } from './context';
import type { Band, Direction, LaidNode } from './layout';
import { StateMark, stateText } from './stateMark';

/** Worst first. */
const SEVERITIES: readonly Diagnostic['severity'][] = ['error', 'warning', 'info'];
const CHIPS = 2;

export interface StepData extends Record<string, unknown> {
  node: LaidNode;
  direction: Direction;
  state: StepState | null;
  findings: readonly Diagnostic[];
  isCurrent: boolean;
  /** Whether it is found by the search; null while nothing is searched for. */
  isFound: boolean | null;
}
export type StepFlowNode = Node<StepData, 'step'>;
export type BandFlowNode = Node<{ band: Band; caption: string }, 'band'>;

export function StepNode({ data }: NodeProps<StepFlowNode>): ReactElement {
  const { model, trans, go } = useGraph();
  const { node, direction, state } = data;
  const isChain = node.steps.length > 1;
  const open = (): void => {
    const place = model.startOf(node.steps[0] ?? '');
    if (isChain) {
      model.unfold(node.id);
    } else if (place) {
      go(place);
    }
  };
  return (
    <>
      <Handle
        type="target"
        position={direction === 'TB' ? Position.Top : Position.Left}
        isConnectable={false}
      />
      <button
        type="button"
        className="nb2pipe-Node"
        data-step={node.id}
        data-from={node.steps[0]}
        data-state={state?.state}
        data-severity={worst(data.findings)}
        data-found={data.isFound ?? undefined}
        aria-current={data.isCurrent ? 'step' : undefined}
        title={described(data, trans)}
        onClick={open}
      >
        <span className="nb2pipe-Node-head">
          {state && <StateMark state={state} />}
          <span className="nb2pipe-Node-name">{node.label}</span>
          {isChain && <span className="nb2pipe-Node-count">{node.steps.length}</span>}
          {isChain && <expandIcon.react tag="span" width="14px" height="14px" />}
          {node.beside.length > 0 && (
            <span className="nb2pipe-Node-beside" aria-hidden="true">
              ∥
            </span>
          )}
        </span>
        {node.parameters.length > 0 && <Chips names={node.parameters} />}
      </button>
      <Handle
        type="source"
        position={direction === 'TB' ? Position.Bottom : Position.Right}
        isConnectable={false}
      />
    </>
  );
}

export function BandNode({ data }: NodeProps<BandFlowNode>): ReactElement {
  return <div className="nb2pipe-Band" title={data.caption} />;
}

function Chips({ names }: { names: readonly string[] }): ReactElement {
  return (
    <span className="nb2pipe-Node-chips">
      {names.slice(0, CHIPS).map(name => (
        <span key={name} className="nb2pipe-Chip">
          {name}
        </span>
      ))}
      {names.length > CHIPS && <span className="nb2pipe-Chip">+{names.length - CHIPS}</span>}
    </span>
  );
}

function worst(findings: readonly Diagnostic[]): Diagnostic['severity'] | undefined {
  return SEVERITIES.find(severity => findings.some(each => each.severity === severity));
}

/** All about a step, one line each. */
function described({ node, state, findings }: StepData, trans: TranslationBundle): string {
  const lines = [
    node.steps.length > 1
      ? trans.__('%1 steps, click to show them: %2', node.steps.length, node.steps.join(', '))
      : trans.__('Step %1', node.label)
  ];
  if (state) {
    lines.push(stateText(state, trans));
  }
  if (node.parameters.length > 0) {
    lines.push(trans.__('Parameters: %1', node.parameters.join(', ')));
  }
  if (node.beside.length > 0) {
    lines.push(trans.__('May run at the same time as: %1', node.beside.join(', ')));
  }
  return [...lines, ...findings.map(each => each.message)].join('\n');
}
