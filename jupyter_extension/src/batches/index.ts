/** Runs over a table of parameters: a form, and a tab with what came out. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  Dialog,
  ICommandPalette,
  MainAreaWidget,
  ReactWidget,
  showDialog,
  WidgetTracker
} from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { numberingIcon } from '@jupyterlab/ui-components';
import { createElement } from 'react';

import { ApiError } from '../api/errors';
import { saved } from '../notebook/saving';
import { textOf } from '../notebook/content';
import { OPEN_RUN, SHOW_RUN } from '../run/ids';
import { INb2pipe } from '../tokens';
import { largeArea } from '../ui/area';
import { SendDialog } from '../ui/sendDialog';
import { BatchForm } from './form';
import { BatchFormView } from './formView';
import { RUN_BATCH, SHOW_BATCHES } from './ids';
import { BatchesModel } from './model';
import { BatchesWidget } from './widget';

const ID = 'nb2pipe-batches';

const batches: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:batches',
  description: 'Runs notebooks over tables of parameters.',
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
    addTab(app, service, trans, restorer);
    app.commands.addCommand(RUN_BATCH, {
      label: trans.__('Run over a Table of Parameters…'),
      caption: trans.__('Run this notebook once for each row of a table'),
      icon: numberingIcon,
      isEnabled: () => service.isAvailable && tracker.currentWidget !== null,
      execute: async () => {
        const panel = tracker.currentWidget;
        if (panel) {
          const show = (batch: string): void => void app.commands.execute(SHOW_BATCHES, { batch });
          await ask(panel, service, trans, show);
        }
      },
      describedBy: { args: { type: 'object', properties: {} } }
    });
    const update = (): void => app.commands.notifyCommandChanged(RUN_BATCH);
    service.availableChanged.connect(update);
    tracker.currentChanged.connect(update);
    palette?.addItem({ command: RUN_BATCH, category: 'nb2pipe' });
    palette?.addItem({ command: SHOW_BATCHES, category: 'nb2pipe' });
  }
};

/** @param show called with the id of the batch that was started */
async function ask(
  panel: NotebookPanel,
  { client }: INb2pipe,
  trans: TranslationBundle,
  show: (batch: string) => void
): Promise<void> {
  try {
    await panel.context.ready;
    const { model, localPath: path } = panel.context;
    const answer = await client.post('/notebooks/check', { body: { path, text: textOf(model) } });
    const form = new BatchForm({
      parameters: answer.pipeline?.parameters ?? [],
      findings: answer.is_refused ? answer.diagnostics.filter(each => each.severity === 'error') : [],
      isDirty: model.dirty,
      trans
    });
    await new SendDialog({
      form,
      title: trans.__('Run %1 over a table of parameters', PathExt.basename(path)),
      body: ReactWidget.create(createElement(BatchFormView, { form })),
      label: () => trans._n('Run once', 'Run %1 times', form.rows.length),
      className: 'nb2pipe-mod-batch',
      trans,
      send: async () => {
        await saved(panel, trans);
        show((await client.post('/batches', { body: form.body(path) })).id);
      }
    }).launch();
  } catch (error) {
    const body = error instanceof ApiError ? error.text : String(error);
    await showDialog({
      title: trans.__('The notebook cannot be run'),
      body,
      buttons: [Dialog.okButton()]
    });
  }
}

function addTab(
  app: JupyterFrontEnd,
  service: INb2pipe,
  trans: TranslationBundle,
  restorer: ILayoutRestorer | null
): void {
  const tabs = new WidgetTracker<MainAreaWidget<BatchesWidget>>({ namespace: ID });
  app.commands.addCommand(SHOW_BATCHES, {
    label: trans.__('Show Batches'),
    caption: trans.__('List runs over tables of parameters'),
    icon: numberingIcon,
    execute: async args => {
      if (!tabs.currentWidget) {
        const content = new BatchesWidget({
          model: new BatchesModel(service),
          open: run => void app.commands.execute(SHOW_RUN, { run: run.id }),
          detail: run => void app.commands.execute(OPEN_RUN, { run: run.id }),
          trans
        });
        const widget = new MainAreaWidget({ content });
        widget.id = ID;
        widget.title.label = trans.__('Batches');
        widget.title.icon = numberingIcon;
        widget.title.closable = true;
        widget.toolbar.hide();
        await tabs.add(widget);
        app.shell.add(widget, largeArea(app.shell), { type: 'Batches' });
      }
      if (typeof args['batch'] === 'string') {
        tabs.currentWidget?.content.props.model.show(args['batch']);
      }
      app.shell.activateById(ID);
    },
    describedBy: { args: { type: 'object', properties: { batch: { type: 'string' } } } }
  });
  void restorer?.restore(tabs, { command: SHOW_BATCHES, name: () => ID });
}

export const batchPlugins: JupyterFrontEndPlugin<unknown>[] = [batches];
