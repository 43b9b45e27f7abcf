/** Runs over tables of parameters: a form, and a tab with what came out. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { numberingIcon } from '@jupyterlab/ui-components';
import { createElement } from 'react';

import { ApiError } from '../api/errors';
import type { Run } from '../api/types';
import { saved } from '../notebook/saving';
import { textOf } from '../notebook/content';
import { OPEN_RUN, SHOW_RUN } from '../run/ids';
import type { INb2pipe } from '../tokens';
import { ModelWidget } from '../ui/modelWidget';
import { SendDialog } from '../ui/sendDialog';
import { tabPlugin, type TabTools } from '../ui/tabPlugin';
import { addTabs } from '../ui/tabs';
import { BatchForm } from './form';
import { BatchFormView } from './formView';
import { RUN_BATCH, SHOW_BATCHES } from './ids';
import { BatchesModel } from './model';
import { BatchesView } from './view';

const batches = tabPlugin('nb2pipe:batches', 'Runs notebooks over tables of parameters.', tools => {
  const { app, service, trans } = tools;
  addForm(tools);
  addTabs(tools, {
    id: 'nb2pipe-batches',
    type: 'Batches',
    command: SHOW_BATCHES,
    label: trans.__('Show Batches'),
    caption: trans.__('List runs over tables of parameters'),
    icon: numberingIcon,
    properties: { batch: { type: 'string' } },
    titleOf: () => ({ label: trans.__('Batches') }),
    make: () => {
      const props = {
        model: new BatchesModel(service),
        open: (run: Run): void => void app.commands.execute(SHOW_RUN, { run: run.id }),
        detail: (run: Run): void => void app.commands.execute(OPEN_RUN, { run: run.id }),
        trans
      };
      const { model } = props;
      return new ModelWidget({
        model,
        name: 'nb2pipe-Batches',
        draw: () => createElement(BatchesView, props)
      });
    },
    opened: ({ model }, { batch }) => {
      if (typeof batch === 'string') {
        model.show(batch);
      }
    }
  });
});

function addForm({ app, service, tracker, trans, palette }: TabTools): void {
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
}

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

export const batchPlugins: JupyterFrontEndPlugin<unknown>[] = [batches];
