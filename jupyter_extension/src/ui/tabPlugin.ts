/** Plugins that add tabs. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';

import { INb2pipe } from '../tokens';
import type { Shell } from './tabs';

/** All that plugins with tabs have in common. */
export interface TabTools extends Shell {
  service: INb2pipe;
  tracker: INotebookTracker;
  trans: TranslationBundle;
}

/** A plugin that adds tabs, and commands that belong to them. */
export function tabPlugin(
  id: string,
  description: string,
  add: (tools: TabTools) => void
): JupyterFrontEndPlugin<void> {
  return {
    id,
    description,
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
      add({ app, service, tracker, trans, palette, restorer });
    }
  };
}
