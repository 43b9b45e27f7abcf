/** The plugin that compares two runs. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { SHOW_RUN } from '../run/ids';
import { INb2pipe } from '../tokens';
import { largeArea } from '../ui/area';
import { pipelineIcon } from '../ui/icons';
import { COMPARE_RUNS } from './ids';
import { CompareModel } from './model';
import { CompareWidget } from './widget';

const compare: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:compare',
  description: 'Shows what differs between two runs.',
  autoStart: true,
  requires: [INb2pipe],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    { client }: INb2pipe,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const tabs = new WidgetTracker<MainAreaWidget<CompareWidget>>({ namespace: 'nb2pipe-compare' });
    const showRun = (id: string): void => void app.commands.execute(SHOW_RUN, { run: id });
    const make = (first: string, second: string): MainAreaWidget<CompareWidget> => {
      const model = new CompareModel(client, first, second);
      const widget = new MainAreaWidget({ content: new CompareWidget({ model, showRun, trans }) });
      widget.id = idOf(first, second);
      widget.title.label = trans.__('Compare Runs');
      widget.title.caption = trans.__('%1 and %2', first, second);
      widget.title.icon = pipelineIcon;
      widget.title.closable = true;
      widget.toolbar.hide();
      return widget;
    };
    app.commands.addCommand(COMPARE_RUNS, {
      label: trans.__('Compare Runs'),
      caption: trans.__('Show what differs between two runs: code, parameters, metrics, environment'),
      execute: async args => {
        const [first, second] = [String(args['first']), String(args['second'])];
        const known = tabs.find(each => each.id === idOf(first, second));
        if (!known) {
          const widget = make(first, second);
          await tabs.add(widget);
          app.shell.add(widget, largeArea(app.shell), { type: 'Run Comparison' });
        }
        app.shell.activateById(idOf(first, second));
      },
      describedBy: {
        args: {
          type: 'object',
          properties: { first: { type: 'string' }, second: { type: 'string' } },
          required: ['first', 'second']
        }
      }
    });
    void restorer?.restore(tabs, {
      command: COMPARE_RUNS,
      args: widget => {
        const [first, second] = widget.content.ids;
        return { first, second };
      },
      name: widget => widget.id
    });
  }
};

function idOf(first: string, second: string): string {
  return `nb2pipe-compare-${first}-${second}`;
}

export const comparePlugins: JupyterFrontEndPlugin<unknown>[] = [compare];
