/** All plugins of the extension; each feature folder brings its own list. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { graphPlugins } from './graph';
import { historyPlugins } from './history';
import { notebookPlugins } from './notebook';
import { runPlugins } from './run';
import { schedulePlugins } from './schedules';
import { servicePlugins } from './service';
import { settingsPlugins } from './settings';
import { taggingPlugins } from './tagging';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  ...servicePlugins,
  ...notebookPlugins,
  ...graphPlugins,
  ...historyPlugins,
  ...runPlugins,
  ...schedulePlugins,
  ...settingsPlugins,
  ...taggingPlugins
];

export default plugins;
