/** Tagging where the cell is: bands beside the cells, and the commands that edit them. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';

import { IStepStates } from '../notebook/stepStates';
import { RERUN_FROM } from '../run/ids';
import { INb2pipe, IPipelineModels } from '../tokens';
import { Bands, type BandsOptions } from './bands';
import { addCommands, MENU } from './commands';
import { BoundaryDrag } from './drag';
import { PROPOSE_STEPS } from './ids';
import { proposeSteps } from './proposal';
import { Tagger } from './tagger';

const tagging: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:tagging',
  description: 'Shows the step of each cell beside it, and tags cells.',
  autoStart: true,
  requires: [INb2pipe, IPipelineModels, INotebookTracker],
  optional: [ITranslator, ICommandPalette, IStepStates],
  activate: (
    { commands }: JupyterFrontEnd,
    service: INb2pipe,
    models: IPipelineModels,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    states: IStepStates | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const tagger = new Tagger(tracker, trans);
    addCommands(commands, tagger, trans);
    addProposal(commands, tagger, service, trans);
    for (const command of [...MENU.filter(Boolean), PROPOSE_STEPS]) {
      palette?.addItem({ command, category: 'nb2pipe' });
    }
    const menu = menuOf(commands, trans);
    const openMenu = (button: HTMLElement): void => {
      const { left, bottom } = button.getBoundingClientRect();
      menu.open(left, bottom);
    };
    const drag = new BoundaryDrag(tagger, trans);
    const grab: BandsOptions['grab'] = (panel, cell, event) => drag.grab(panel, cell, event);
    tracker.widgetAdded.connect((_, panel) => {
      void Promise.all([panel.context.ready, service.ready]).then(([, isThere]) => {
        if (isThere && !panel.isDisposed) {
          new Bands({ panel, pipeline: models.for(panel), states, trans, openMenu, grab });
        }
      });
    });
  }
};

function addProposal(
  commands: JupyterFrontEnd['commands'],
  tagger: Tagger,
  service: INb2pipe,
  trans: TranslationBundle
): void {
  commands.addCommand(PROPOSE_STEPS, {
    label: trans.__('Propose Steps from Headings…'),
    caption: trans.__('Let the parts under the headings of this notebook be steps'),
    isEnabled: () => tagger.panel !== null && service.isAvailable,
    execute: async () => {
      const { panel } = tagger;
      if (panel) {
        await proposeSteps({ panel, client: service.client, tagger, trans });
      }
    },
    describedBy: { args: { type: 'object', properties: {} } }
  });
}

function menuOf(commands: JupyterFrontEnd['commands'], trans: TranslationBundle): MenuSvg {
  const menu = new MenuSvg({ commands });
  menu.title.label = trans.__('Step');
  for (const command of MENU) {
    menu.addItem(command ? { command } : { type: 'separator' });
  }
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: RERUN_FROM });
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: PROPOSE_STEPS });
  return menu;
}

export const taggingPlugins: JupyterFrontEndPlugin<unknown>[] = [tagging];
