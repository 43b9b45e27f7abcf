/** The plugin that shows metrics over runs. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import { numberingIcon } from '@jupyterlab/ui-components';
import { createElement } from 'react';

import type { Run } from '../api/types';
import { OPEN_LINEAGE } from '../lineage/ids';
import { SHOW_RUN } from '../run/ids';
import { ModelWidget } from '../ui/modelWidget';
import { tabPlugin } from '../ui/tabPlugin';
import { addTabs } from '../ui/tabs';
import { OPEN_METRICS } from './ids';
import { MetricsModel } from './model';
import { MetricsView } from './view';

const metrics = tabPlugin('nb2pipe:metrics', 'Shows the metrics of a notebook over its runs.', tools => {
  const { app, service, tracker, trans } = tools;
  addTabs(tools, {
    id: 'nb2pipe-metrics',
    type: 'Metrics',
    command: OPEN_METRICS,
    label: trans.__('Show Metrics over Runs'),
    caption: trans.__('Draw the metrics of a notebook over its runs'),
    icon: numberingIcon,
    properties: { path: { type: 'string' } },
    keyOf: ({ path }) => (typeof path === 'string' ? path : tracker.currentWidget?.context.localPath),
    make: notebook => {
      const props = {
        model: new MetricsModel(service, notebook),
        open: ({ id }: Run): void => void app.commands.execute(SHOW_RUN, { run: id }),
        trace: ({ id }: Run, name: string): void =>
          void app.commands.execute(OPEN_LINEAGE, { name: `${id}/${name}`, kind: 'metric', label: name }),
        trans
      };
      const { model } = props;
      return new ModelWidget({
        model,
        name: 'nb2pipe-Metrics',
        draw: () => createElement(MetricsView, props)
      });
    },
    argsOf: ({ model }) => ({ path: model.notebook }),
    titleOf: ({ model }) => ({
      label: trans.__('Metrics of %1', PathExt.basename(model.notebook)),
      caption: model.notebook
    })
  });
});

export const metricsPlugins: JupyterFrontEndPlugin<unknown>[] = [metrics];
