/** All plugins of the extension; each feature folder brings its own list. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { batchPlugins } from './batches';
import { comparePlugins } from './compare';
import { detailPlugins } from './detail';
import { graphPlugins } from './graph';
import { historyPlugins } from './history';
import { imagePlugins } from './images';
import { lineagePlugins } from './lineage';
import { metricsPlugins } from './metrics';
import { notebookPlugins } from './notebook';
import { runPlugins } from './run';
import { schedulePlugins } from './schedules';
import { servicePlugins } from './service';
import { settingsPlugins } from './settings';
import { taggingPlugins } from './tagging';
import { tourPlugins } from './tour';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  ...servicePlugins,
  ...notebookPlugins,
  ...batchPlugins,
  ...comparePlugins,
  ...detailPlugins,
  ...graphPlugins,
  ...historyPlugins,
  ...imagePlugins,
  ...lineagePlugins,
  ...metricsPlugins,
  ...runPlugins,
  ...schedulePlugins,
  ...settingsPlugins,
  ...taggingPlugins,
  ...tourPlugins
];

export default plugins;
