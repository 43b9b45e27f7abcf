/** The plugin with the lineage view. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { treeViewIcon } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { SHOW_RUN } from '../run/ids';
import { Opener } from '../run/opening';
import { INb2pipe } from '../tokens';
import { largeArea } from '../ui/area';
import type { LineageTools } from './context';
import { OPEN_LINEAGE } from './ids';
import { LineageModel, type Subject } from './model';
import { LineageWidget } from './widget';

const ID = 'nb2pipe-lineage';

const lineage: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:lineage',
  description: 'Shows what data, code and parameters made something, and what used it.',
  autoStart: true,
  requires: [INb2pipe, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    { client }: INb2pipe,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const opener = new Opener({ app, client, tracker, trans });
    const tabs = new WidgetTracker<MainAreaWidget<LineageWidget>>({ namespace: ID });
    const models = new WeakMap<MainAreaWidget<LineageWidget>, LineageModel>();
    const make = (): MainAreaWidget<LineageWidget> => {
      const model = new LineageModel(client);
      const widget = tabOf({
        model,
        trans,
        showRun: id => void app.commands.execute(SHOW_RUN, { run: id }),
        openCell: place => void opener.cell(place)
      });
      models.set(widget, model);
      model.changed.connect(() => void tabs.save(widget));
      return widget;
    };
    app.commands.addCommand(OPEN_LINEAGE, {
      label: args =>
        args['name'] ? trans.__('Show Lineage') : trans.__('Show Lineage of Data, Models and Metrics'),
      caption: trans.__('Show which data, code and parameters made something, and what used it'),
      icon: treeViewIcon,
      execute: async args => {
        const widget = tabs.currentWidget ?? make();
        if (!widget.isAttached) {
          await tabs.add(widget);
          app.shell.add(widget, largeArea(app.shell), { type: 'Lineage' });
        }
        app.shell.activateById(ID);
        const subject = subjectOf(args);
        if (subject) {
          await models.get(widget)?.walk(subject);
        }
      },
      describedBy: { args: argsOf(trans) }
    });
    palette?.addItem({ command: OPEN_LINEAGE, category: 'nb2pipe' });
    void restorer?.restore(tabs, {
      command: OPEN_LINEAGE,
      args: widget => ({ ...models.get(widget)?.subject }) as ReadonlyPartialJSONObject,
      name: () => ID
    });
  }
};

function tabOf(tools: LineageTools): MainAreaWidget<LineageWidget> {
  const widget = new MainAreaWidget({ content: new LineageWidget(tools) });
  widget.id = ID;
  widget.title.label = tools.trans.__('Lineage');
  widget.title.icon = treeViewIcon;
  widget.title.closable = true;
  widget.toolbar.hide();
  return widget;
}

function subjectOf(args: ReadonlyPartialJSONObject): Subject | null {
  const { name, kind, digest, label } = args;
  return typeof name !== 'string' || name === ''
    ? null
    : {
        name,
        kind: kind === 'metric' ? kind : undefined,
        digest: typeof digest === 'string' ? digest : undefined,
        label: typeof label === 'string' ? label : (name.split('/').at(-1) ?? name)
      };
}

function argsOf(trans: TranslationBundle): ReadonlyJSONObject {
  const text = (description: string): ReadonlyJSONObject => ({ type: 'string', description });
  return {
    type: 'object',
    properties: {
      name: text(trans.__('A run, RUN/STEP, RUN/STEP/NAME, a path or a URL.')),
      kind: text(trans.__('“metric” where a value of the step has that name, too.')),
      digest: text(trans.__('Only this version of a file.')),
      label: text(trans.__('Short text for a person.'))
    }
  };
}

export const lineagePlugins: JupyterFrontEndPlugin<unknown>[] = [lineage];
