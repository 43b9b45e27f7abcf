/** A card in the launcher that opens a notebook to try everything with. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ICommandPalette, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { ILauncher } from '@jupyterlab/launcher';
import type { Contents } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { ApiError } from '../api/errors';
import { SHOW_PIPELINE } from '../graph/ids';
import { INb2pipe } from '../tokens';
import { pipelineIcon } from '../ui/icons';
import { freeName } from './name';
import { TAKE_TOUR } from './ids';

const tour: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:tour',
  description: 'Opens a copy of the example that leads through nb2pipe.',
  autoStart: true,
  requires: [INb2pipe],
  optional: [ILauncher, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    { client }: INb2pipe,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const { commands, serviceManager } = app;
    commands.addCommand(TAKE_TOUR, {
      label: args =>
        args['isLauncher'] ? trans.__('nb2pipe: take the tour') : trans.__('Take the Tour of nb2pipe'),
      caption: trans.__('Open a copy of a small notebook that is a pipeline, to try everything with'),
      icon: pipelineIcon,
      execute: async args => {
        try {
          const folder = typeof args['cwd'] === 'string' ? args['cwd'] : '';
          const path = await copyInto(serviceManager.contents, folder, await client.get('/tour'));
          await commands.execute('docmanager:open', { path });
          await commands.execute(SHOW_PIPELINE);
        } catch (error) {
          const body = error instanceof ApiError ? error.text : String(error);
          const title = trans.__('The tour cannot be opened');
          await showDialog({ title, body, buttons: [Dialog.okButton()] });
        }
      },
      describedBy: {
        args: { type: 'object', properties: { cwd: { type: 'string' }, isLauncher: { type: 'boolean' } } }
      }
    });
    launcher?.add({ command: TAKE_TOUR, category: trans.__('Other'), rank: 0, args: { isLauncher: true } });
    palette?.addItem({ command: TAKE_TOUR, category: 'nb2pipe' });
  }
};

/** Write a notebook beside what is there; its path. */
async function copyInto(contents: Contents.IManager, folder: string, content: unknown): Promise<string> {
  const { content: listed } = await contents.get(folder, { content: true });
  const name = freeName(
    'tour',
    (listed as Contents.IModel[]).map(each => each.name)
  );
  const path = PathExt.join(folder, name);
  await contents.save(path, { type: 'notebook', format: 'json', content });
  return path;
}

export const tourPlugins: JupyterFrontEndPlugin<unknown>[] = [tour];
