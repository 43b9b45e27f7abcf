/** The plugin with the tabs of runs. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker, INotebookWidgetFactory } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';

import { OPEN_LINEAGE } from '../lineage/ids';
import { OPEN_RUN } from '../run/ids';
import { IRuns } from '../run/token';
import { INb2pipe } from '../tokens';
import { largeArea } from '../ui/area';
import { pipelineRunIcon } from '../ui/icons';
import { Executed } from './executed';
import { DetailModel } from './model';
import type { DetailActions } from './view';
import { RunDetail } from './widget';
import { shortId } from './words';

const ID = 'nb2pipe-run-detail';

const detail: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:detail',
  description: 'Shows all about a run in a tab.',
  autoStart: true,
  requires: [INb2pipe, IRuns, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer, INotebookWidgetFactory],
  activate: (
    app: JupyterFrontEnd,
    service: INb2pipe,
    runs: IRuns,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    factory: unknown
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const { client } = service;
    const executed = new Executed({ app, client, tracker, factory, trans });
    const actions: DetailActions = {
      ...runs.actions,
      openRun: run => void app.commands.execute(OPEN_RUN, { run }),
      executed: run => void executed.show(run),
      copyOutputs: run => void executed.copy(run),
      lineage: (name, label, kind) =>
        void app.commands.execute(OPEN_LINEAGE, { name, label, ...(kind ? { kind } : {}) })
    };
    const tabs = new WidgetTracker<MainAreaWidget<RunDetail>>({ namespace: ID });
    app.commands.addCommand(OPEN_RUN, {
      label: trans.__('Open Run Details'),
      caption: trans.__('Show all about a run: its steps over time, what they made, its graph'),
      icon: pipelineRunIcon,
      isEnabled: args => idOf(args, runs) !== '',
      describedBy: { args: { type: 'object', properties: { run: { type: 'string' } } } },
      execute: async args => {
        const id = idOf(args, runs);
        const known = tabs.find(each => each.content.model.id === id);
        const widget = known ?? tabOf(new DetailModel(service, runs.live, id), { client, actions, trans });
        if (!known) {
          await tabs.add(widget);
          app.shell.add(widget, largeArea(app.shell), { type: 'Pipeline Run' });
        }
        app.shell.activateById(widget.id);
      }
    });
    runs.shown.changed.connect(() => app.commands.notifyCommandChanged(OPEN_RUN));
    palette?.addItem({ command: OPEN_RUN, category: 'nb2pipe' });
    void restorer?.restore(tabs, {
      command: OPEN_RUN,
      args: widget => ({ run: widget.content.model.id }),
      name: widget => widget.content.model.id
    });
  }
};

/** Of the run that is named, else of the one that the run panel shows. */
function idOf(args: { run?: unknown }, runs: IRuns): string {
  return typeof args.run === 'string' ? args.run : runs.shown.id;
}

function tabOf(
  model: DetailModel,
  options: Omit<ConstructorParameters<typeof RunDetail>[0], 'model'> & { trans: TranslationBundle }
): MainAreaWidget<RunDetail> {
  const { trans } = options;
  const widget = new MainAreaWidget({ content: new RunDetail({ model, ...options }) });
  const name = (): void => {
    const { run } = model;
    const notebook = run ? PathExt.basename(run.notebook ?? run.notebook_path) : '…';
    widget.title.label = trans.__('Run %1: %2', shortId(model.id), notebook);
  };
  widget.content.node.setAttribute('aria-label', trans.__('Run %1', model.id)); // the frame gives it one
  widget.toolbar.hide();
  widget.title.caption = model.id;
  widget.title.icon = pipelineRunIcon;
  widget.title.closable = true;
  model.changed.connect(name);
  name();
  return widget;
}

export const detailPlugins: JupyterFrontEndPlugin<unknown>[] = [detail];
