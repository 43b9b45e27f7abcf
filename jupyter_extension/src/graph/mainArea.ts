/** Pipelines in the main area, one for each notebook. */

import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';

import { pipelineIcon } from '../ui/icons';
import { addTabs, type Shell } from '../ui/tabs';
import { type PanelOptions, PipelinePanel } from './panel';
import { NamedNotebook } from './source';

export const OPEN_PIPELINE = 'nb2pipe:open-pipeline';

type Shared = Omit<PanelOptions, 'source' | 'direction' | 'onLarge' | 'onTour' | 'begin'>;

/** Open pipelines by command, and again after a reload. */
export function addMainArea(shell: Shell, notebooks: INotebookTracker, options: Shared): void {
  const { trans } = options;
  const sources = new WeakMap<PipelinePanel, NamedNotebook>();
  const sourceOf = (panel: PipelinePanel): NamedNotebook => sources.get(panel) as NamedNotebook;
  addTabs<PipelinePanel>(shell, {
    id: 'nb2pipe-pipeline-of',
    type: 'Pipeline',
    command: OPEN_PIPELINE,
    label: trans.__('Open Pipeline in Main Area'),
    caption: trans.__('Show the pipeline of a notebook beside it, where there is room for many steps'),
    icon: pipelineIcon,
    properties: { path: { type: 'string' } },
    keyOf: ({ path }) => (typeof path === 'string' ? path : notebooks.currentWidget?.context.path),
    argsOf: panel => ({ path: sourceOf(panel).path }),
    titleOf: panel => {
      const { path } = sourceOf(panel);
      return { label: trans.__('Pipeline of %1', PathExt.basename(path)), caption: path };
    },
    changedOf: panel => sourceOf(panel).changed,
    make: path => {
      const source = new NamedNotebook(notebooks, path);
      const panel = new PipelinePanel({
        ...options,
        source,
        direction: 'LR',
        onLarge: null,
        onTour: null,
        begin: null
      });
      sources.set(panel, source);
      return panel;
    },
    mode: 'split-bottom'
  });
}
