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
    found.missing.connect(() => {
      Notification.error(
        trans.__(
          'nb2pipe’s server extension is not running, so its panels stay empty. Run “jupyter server extension enable nb2pipe.server” where Jupyter is installed, and start it again.'
        ),
        { autoClose: false }
      );
    });
    void app.restored.then(() => found.start());
    return found;
  }
};

export const servicePlugins: JupyterFrontEndPlugin<unknown>[] = [service];
