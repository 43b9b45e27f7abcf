/** All plugins of the extension; each feature folder brings its own list. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { graphPlugins } from './graph';
import { notebookPlugins } from './notebook';
import { servicePlugins } from './service';
import { taggingPlugins } from './tagging';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  ...servicePlugins,
  ...notebookPlugins,
  ...graphPlugins,
  ...taggingPlugins
];

export default plugins;
