/** Schedules: a clock in the toolbar of notebooks, and the list of all. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';

import type { Parameter } from '../api/types';
import type { PipelineModel } from '../notebook/pipelineModel';
import { OPEN_RUN } from '../run/ids';
import { INb2pipe, IPipelineModels } from '../tokens';
import { largeArea } from '../ui/area';
import { clockIcon } from './icons';
import { ScheduleList } from './list';
import { SchedulesPanel } from './panel';
import { Scheduling } from './scheduling';

export const SCHEDULE = 'nb2pipe:schedule';
export const SHOW_SCHEDULES = 'nb2pipe:schedules';

const CATEGORY = 'nb2pipe';
const NO_ARGUMENTS = { args: { type: 'object', properties: {} } };

/** What both commands work with. */
interface Parts {
  app: JupyterFrontEnd;
  service: INb2pipe;
  scheduling: Scheduling;
  trans: TranslationBundle;
}

const schedules: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:schedules',
  description: 'Schedules notebooks, and lists the schedules.',
  autoStart: true,
  requires: [INb2pipe, IPipelineModels, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    service: INb2pipe,
    models: IPipelineModels,
    notebooks: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const showList = (): void => void app.commands.execute(SHOW_SCHEDULES);
    const scheduling = new Scheduling({ client: service.client, trans, showList });
    const parts = { app, service, scheduling, trans };
    addSchedule(parts, models, notebooks);
    addList(parts, restorer);
    palette?.addItem({ command: SCHEDULE, category: CATEGORY });
    palette?.addItem({ command: SHOW_SCHEDULES, category: CATEGORY });
  }
};

function addSchedule(
  { app, service, scheduling, trans }: Parts,
  models: IPipelineModels,
  notebooks: INotebookTracker
): void {
  app.commands.addCommand(SCHEDULE, {
    label: trans.__('Schedule Notebook…'),
    caption: trans.__('Run this notebook by itself at certain times'),
    icon: clockIcon,
    isEnabled: () => service.isAvailable && notebooks.currentWidget !== null,
    execute: async () => {
      const panel = notebooks.currentWidget;
      if (panel) {
        await panel.context.ready;
        await scheduling.add(panel, await parametersOf(models.for(panel)));
      }
    },
    describedBy: NO_ARGUMENTS
  });
  const update = (): void => app.commands.notifyCommandChanged(SCHEDULE);
  service.availableChanged.connect(update);
  notebooks.currentChanged.connect(update);
}

/** The parameters of a notebook as it is now, once the service has answered. */
async function parametersOf(model: PipelineModel): Promise<readonly Parameter[]> {
  const answered = new PromiseDelegate<void>();
  const look = (): void => {
    if (!model.isBusy || model.isDisposed) {
      answered.resolve();
    }
  };
  model.changed.connect(look);
  look();
  await answered.promise;
  model.changed.disconnect(look);
  return (model.pipeline ?? model.lastGood)?.parameters ?? [];
}

function addList({ app, service, scheduling, trans }: Parts, restorer: ILayoutRestorer | null): void {
  const shown = new WidgetTracker<MainAreaWidget<SchedulesPanel>>({ namespace: 'nb2pipe-schedules' });
  app.commands.addCommand(SHOW_SCHEDULES, {
    label: trans.__('Schedules'),
    caption: trans.__('Show all schedules, with their next and last runs'),
    icon: clockIcon,
    execute: () => {
      const known = shown.find(() => true);
      const widget = known ?? newPanel({ app, service, scheduling, trans });
      if (!known) {
        void shown.add(widget);
        app.shell.add(widget, largeArea(app.shell), { type: 'Schedules' });
      }
      app.shell.activateById(widget.id);
    },
    describedBy: NO_ARGUMENTS
  });
  void restorer?.restore(shown, { command: SHOW_SCHEDULES, name: () => 'schedules' });
}

function newPanel({ app, service, scheduling, trans }: Parts): MainAreaWidget<SchedulesPanel> {
  const { client, events } = service;
  const open = (path: string): void => void app.commands.execute('docmanager:open', { path });
  const openRun = (run: string): void => void app.commands.execute(OPEN_RUN, { run });
  const list = new ScheduleList({ client, events });
  const content = new SchedulesPanel({ list, scheduling, trans, open, openRun });
  const widget = new MainAreaWidget({ content });
  widget.id = 'nb2pipe-schedules';
  widget.toolbar.hide();
  return widget;
}

export const schedulePlugins: JupyterFrontEndPlugin<unknown>[] = [schedules];
