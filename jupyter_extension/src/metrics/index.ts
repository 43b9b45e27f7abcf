/** The plugin that shows metrics over runs. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { numberingIcon } from '@jupyterlab/ui-components';

import { OPEN_LINEAGE } from '../lineage/ids';
import { SHOW_RUN } from '../run/ids';
import { INb2pipe } from '../tokens';
import { largeArea } from '../ui/area';
import { OPEN_METRICS } from './ids';
import { MetricsModel } from './model';
import { MetricsWidget } from './widget';

const metrics: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:metrics',
  description: 'Shows the metrics of a notebook over its runs.',
  autoStart: true,
  requires: [INb2pipe, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    service: INb2pipe,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const tabs = new WidgetTracker<MainAreaWidget<MetricsWidget>>({ namespace: 'nb2pipe-metrics' });
    const wanted = (path: unknown): string =>
      typeof path === 'string' ? path : (tracker.currentWidget?.context.localPath ?? '');
    const make = (notebook: string): MainAreaWidget<MetricsWidget> => {
      const model = new MetricsModel(service, notebook);
      const open = ({ id }: { id: string }): void => void app.commands.execute(SHOW_RUN, { run: id });
      const trace = ({ id }: { id: string }, name: string): void =>
        void app.commands.execute(OPEN_LINEAGE, { name: `${id}/${name}`, kind: 'metric', label: name });
      const widget = new MainAreaWidget({ content: new MetricsWidget({ model, open, trace, trans }) });
      widget.title.label = trans.__('Metrics of %1', PathExt.basename(notebook));
      widget.title.caption = notebook;
      widget.title.icon = numberingIcon;
      widget.title.closable = true;
      widget.toolbar.hide();
      return widget;
    };
    app.commands.addCommand(OPEN_METRICS, {
      label: trans.__('Show Metrics over Runs'),
      caption: trans.__('Draw the metrics of a notebook over its runs'),
      icon: numberingIcon,
      isEnabled: args => wanted(args['path']) !== '',
      execute: async args => {
        const path = wanted(args['path']);
        const known = tabs.find(each => each.content.notebook === path);
        const widget = known ?? make(path);
        if (!known) {
          await tabs.add(widget);
          app.shell.add(widget, largeArea(app.shell), { type: 'Metrics' });
        }
        app.shell.activateById(widget.id);
      },
      describedBy: { args: { type: 'object', properties: { path: { type: 'string' } } } }
    });
    palette?.addItem({ command: OPEN_METRICS, category: 'nb2pipe' });
    void restorer?.restore(tabs, {
      command: OPEN_METRICS,
      args: widget => ({ path: widget.content.notebook }),
      name: widget => widget.content.notebook
    });
  }
};

export const metricsPlugins: JupyterFrontEndPlugin<unknown>[] = [metrics];
