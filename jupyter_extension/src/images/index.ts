/** A tab that builds images for notebooks. */

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { buildIcon } from '@jupyterlab/ui-components';

import { INb2pipe } from '../tokens';
import { largeArea } from '../ui/area';
import { SHOW_IMAGES } from './ids';
import { ImagesModel } from './model';
import { ImagesWidget } from './widget';

const ID = 'nb2pipe-images';

const images: JupyterFrontEndPlugin<void> = {
  id: 'nb2pipe:images',
  description: 'Builds images for notebooks.',
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
    const tabs = new WidgetTracker<MainAreaWidget<ImagesWidget>>({ namespace: ID });
    app.commands.addCommand(SHOW_IMAGES, {
      label: trans.__('Build Image…'),
      caption: trans.__(
        'Build an image for this notebook, look into those of its steps, and list the builds'
      ),
      icon: buildIcon,
      execute: async () => {
        if (!tabs.currentWidget) {
          const content = new ImagesWidget({ model: new ImagesModel(service), tracker, trans });
          const widget = new MainAreaWidget({ content });
          widget.id = ID;
          widget.title.label = trans.__('Images');
          widget.title.icon = buildIcon;
          widget.title.closable = true;
          widget.toolbar.hide();
          await tabs.add(widget);
          app.shell.add(widget, largeArea(app.shell), { type: 'Images' });
        }
        app.shell.activateById(ID);
      },
      describedBy: { args: { type: 'object', properties: {} } }
    });
    palette?.addItem({ command: SHOW_IMAGES, category: 'nb2pipe' });
    void restorer?.restore(tabs, { command: SHOW_IMAGES, name: () => ID });
  }
};

export const imagePlugins: JupyterFrontEndPlugin<unknown>[] = [images];
