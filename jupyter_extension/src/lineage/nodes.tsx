/** Nodes of the picture: things, and what stands for more of them. */

import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import type { ReactElement } from 'react';

import type { Lineage, LineageNode } from '../api/types';
import { useLineage } from './context';
import type { More } from './visible';
import { factsOf, lookOf, lookWord, nameOf, sentenceOf, subjectOf } from './words';
import { LookMark } from './look';

export type ThingFlowNode = Node<{ node: LineageNode; answer: Lineage; isCentre: boolean }, 'thing'>;
export type MoreFlowNode = Node<{ more: More }, 'more'>;

export function ThingNode({ data: { node, answer, isCentre } }: NodeProps<ThingFlowNode>): ReactElement {
  const { model, trans } = useLineage();
  const look = lookOf(node);
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className="nb2pipe-Lineage-node"
        data-look={look}
        data-node={node.id}
        data-state={node.kind === 'step' ? node.step.state : undefined}
        aria-current={isCentre || undefined}
        title={sentenceOf(node, answer, trans)}
        onClick={() => void model.walk(subjectOf(node, answer))}
      >
        <LookMark look={look} />
        <span className="nb2pipe-Lineage-text">
          <span className="nb2pipe-Hidden">{lookWord(look, trans)}</span>
          <span className="nb2pipe-Lineage-name">{nameOf(node)}</span>
          {factsOf(node, answer, trans).map(fact => (
            <span key={fact} className="nb2pipe-Lineage-fact">
              {fact}
            </span>
          ))}
        </span>
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

export function MoreNode({ data: { more } }: NodeProps<MoreFlowNode>): ReactElement {
  const { model, trans } = useLineage();
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button type="button" className="nb2pipe-Lineage-more" onClick={() => model.more(more.id)}>
        {trans.__('%1 more', more.count)}
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}
