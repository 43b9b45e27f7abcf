/** The plugin that gives all others the service. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Client } from '../api/client';
import { INb2pipe } from '../tokens';
import { Service } from './service';

const service: JupyterFrontEndPlugin<INb2pipe> = {
  id: 'nb2pipe:service',
  description: 'The nb2pipe service of this server.',
  autoStart: true,
  provides: INb2pipe,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null): INb2pipe => {
    const trans = (translator ?? nullTranslator).load('nb2pipe');
    const found = new Service(new Client(app.serviceManager.serverSettings));
    // JupyterLab cuts a notification after 140 characters.
    found.missing.connect(() => {
      Notification.error(
        trans.__(
          'nb2pipe is not enabled on this server. Run “jupyter server extension enable nb2pipe.server” there, and restart it.'
        ),
        { autoClose: false }
      );
    });
    void app.restored.then(() => found.start());
    return found;
  }
};

export const servicePlugins: JupyterFrontEndPlugin<unknown>[] = [service];
