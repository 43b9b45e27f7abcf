/** Pipelines in the main area, one for each notebook. */

import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';

import { largeArea } from '../ui/area';
import { pipelineIcon } from '../ui/icons';
import { PipelinePanel, type PanelOptions } from './panel';
import { NamedNotebook } from './source';

export const OPEN_PIPELINE = 'nb2pipe:open-pipeline';

type Shared = Omit<PanelOptions, 'source' | 'direction' | 'onLarge' | 'onTour' | 'begin'>;

/** Open pipelines by command, and again after a reload. */
export function addMainArea(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  options: Shared,
  restorer: ILayoutRestorer | null
): void {
  const { trans } = options;
  const tracker = new WidgetTracker<MainAreaWidget<PipelinePanel>>({ namespace: 'nb2pipe-pipeline' });
  const paths = new WeakMap<MainAreaWidget<PipelinePanel>, NamedNotebook>();
  const wanted = (args: { path?: unknown }): string =>
    typeof args.path === 'string' ? args.path : (notebooks.currentWidget?.context.path ?? '');

  app.commands.addCommand(OPEN_PIPELINE, {
    label: trans.__('Open Pipeline in Main Area'),
    caption: trans.__('Show the pipeline of a notebook beside it, where there is room for many steps'),
    icon: pipelineIcon,
    isEnabled: args => wanted(args) !== '',
    describedBy: { args: { type: 'object', properties: { path: { type: 'string' } } } },
    execute: async args => {
      const path = wanted(args);
      const known = tracker.find(each => paths.get(each)?.path === path);
      const widget = known ?? create(notebooks, path, options, paths);
      if (!known) {
        await tracker.add(widget);
        paths.get(widget)?.changed.connect(() => void tracker.save(widget));
        app.shell.add(widget, largeArea(app.shell), { mode: 'split-bottom', type: 'Pipeline' });
      }
      app.shell.activateById(widget.id);
      return widget;
    }
  });
  void restorer?.restore(tracker, {
    command: OPEN_PIPELINE,
    args: widget => ({ path: paths.get(widget)?.path ?? '' }),
    name: widget => paths.get(widget)?.path ?? ''
  });
}

function create(
  notebooks: INotebookTracker,
  path: string,
  options: Shared,
  paths: WeakMap<MainAreaWidget<PipelinePanel>, NamedNotebook>
): MainAreaWidget<PipelinePanel> {
  const source = new NamedNotebook(notebooks, path);
  const widget = new MainAreaWidget({
    content: new PipelinePanel({
      ...options,
      source,
      direction: 'LR',
      onLarge: null,
      onTour: null,
      begin: null
    })
  });
  widget.toolbar.hide();
  paths.set(widget, source);
  widget.title.icon = pipelineIcon;
  widget.title.closable = true;
  const name = (): void => {
    widget.title.label = options.trans.__('Pipeline of %1', PathExt.basename(source.path));
    widget.title.caption = source.path;
  };
  source.changed.connect(name);
  name();
  return widget;
}
