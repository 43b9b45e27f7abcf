/** All that is shown of one notebook's pipeline. */

import { collapseIcon, expandIcon, type LabIcon, launchIcon } from '@jupyterlab/ui-components';
import { ReactFlowProvider } from '@xyflow/react';
import { type ReactElement, useEffect, useState } from 'react';

import { Banner, type Beginnings, headline, Untagged } from './banner';
import { Canvas } from './canvas';
import { GraphProvider, type GraphTools, useGraph } from './context';
import { Detail } from './detail';
import { Findings } from './findings';
import { search } from './flow';
import { SearchBox } from './searchBox';

interface ViewProps {
  tools: GraphTools;
  /** Whether the notebook has changes that are not saved. */
  isUnsaved: boolean;
  /** Opens the same in the main area; null there. */
  onLarge: (() => void) | null;
  /** Null where the notebook may not be the current one. */
  begin: Beginnings | null;
}

export function PipelineView({ tools, isUnsaved, onLarge, begin }: ViewProps): ReactElement {
  const { model, trans } = tools;
  const isDrawn = model.pipeline !== null && model.pipeline.steps.length > 0;
  useEffect(() => model.timing.rendered());
  return (
    <GraphProvider value={tools}>
      <header className="nb2pipe-Panel-header">
        <h2 className="nb2pipe-Panel-title">{model.pipeline?.name ?? trans.__('Pipeline')}</h2>
        <span className="nb2pipe-Panel-state" role="status" data-state={model.source.state}>
          {[headline(model, trans), isUnsaved ? trans.__('not saved') : ''].filter(Boolean).join(' · ')}
        </span>
      </header>
      <Banner model={model} trans={trans} />
      {model.isUntagged && <Untagged begin={model.isEmpty ? null : begin} trans={trans} />}
      {isDrawn && <Drawn onLarge={onLarge} />}
      <Detail />
      <Findings />
    </GraphProvider>
  );
}

function Drawn({ onLarge }: Pick<ViewProps, 'onLarge'>): ReactElement {
  const { model, trans } = useGraph();
  const [words, setWords] = useState('');
  const found = words.trim() === '' ? null : new Set(search(model, words).map(node => node.id));
  return (
    <ReactFlowProvider>
      <div className="nb2pipe-Toolbar" role="toolbar" aria-label={trans.__('Graph')}>
        <SearchBox words={words} onWords={setWords} />
        {model.chains.length > 0 && (
          <IconButton
            icon={model.isFolded ? expandIcon : collapseIcon}
            label={model.isFolded ? trans.__('Show all steps') : trans.__('Draw chains of steps as one')}
            onClick={() => model.setFolded(!model.isFolded)}
          />
        )}
        {onLarge && <IconButton icon={launchIcon} label={trans.__('Open in Main Area')} onClick={onLarge} />}
      </div>
      <Canvas found={found} />
    </ReactFlowProvider>
  );
}

function IconButton({
  icon,
  label,
  onClick
}: {
  icon: LabIcon;
  label: string;
  onClick: () => void;
}): ReactElement {
  return (
    <button
      type="button"
      className="nb2pipe-IconButton"
      title={label}
      aria-label={label}
      onClick={() => onClick()}
    >
      <icon.react tag="span" width="16px" height="16px" />
    </button>
  );
}
