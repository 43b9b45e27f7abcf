/** A tab that builds images for notebooks. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { buildIcon } from '@jupyterlab/ui-components';
import { createElement, type ReactElement } from 'react';

import { saved } from '../notebook/saving';
import { ModelWidget } from '../ui/modelWidget';
import { refusalOf } from '../ui/sendDialog';
import { tabPlugin, type TabTools } from '../ui/tabPlugin';
import { addTabs } from '../ui/tabs';
import { SHOW_IMAGES } from './ids';
import { ImagesModel } from './model';
import { ImagesView } from './view';

const images = tabPlugin('nb2pipe:images', 'Builds images for notebooks.', tools => {
  const { service, tracker, trans } = tools;
  addTabs(tools, {
    id: 'nb2pipe-images',
    type: 'Images',
    command: SHOW_IMAGES,
    label: trans.__('Build Image…'),
    caption: trans.__('Build an image for this notebook, look into those of its steps, and list the builds'),
    icon: buildIcon,
    titleOf: () => ({ label: trans.__('Images') }),
    make: () => {
      const model = new ImagesModel(service);
      return new ModelWidget({
        model,
        name: 'nb2pipe-Images',
        draw: () => draw(model, tools),
        also: tracker.currentChanged
      });
    }
  });
});

function draw(model: ImagesModel, { tracker, trans }: TabTools): ReactElement {
  // What is in the file counts: changes are saved first.
  const fromFile = async (work: () => Promise<void>): Promise<void> => {
    try {
      if (tracker.currentWidget) {
        await saved(tracker.currentWidget, trans);
      }
    } catch (error) {
      model.refuse(refusalOf(error));
      return;
    }
    await work();
  };
  return createElement(ImagesView, {
    model,
    trans,
    current: tracker.currentWidget?.context.localPath ?? null,
    build: path => void fromFile(() => model.start(path)),
    check: path => void fromFile(() => model.check(path))
  });
}

export const imagePlugins: JupyterFrontEndPlugin<unknown>[] = [images];
