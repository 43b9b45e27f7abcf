/** The plugin that compares two runs. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { createElement } from 'react';

import { SHOW_RUN } from '../run/ids';
import { pipelineIcon } from '../ui/icons';
import { ModelWidget } from '../ui/modelWidget';
import { tabPlugin } from '../ui/tabPlugin';
import { addTabs } from '../ui/tabs';
import { COMPARE_RUNS } from './ids';
import { CompareModel } from './model';
import { CompareView } from './view';

const compare = tabPlugin('nb2pipe:compare', 'Shows what differs between two runs.', tools => {
  const { app, service, trans } = tools;
  addTabs(tools, {
    id: 'nb2pipe-compare',
    type: 'Run Comparison',
    command: COMPARE_RUNS,
    label: trans.__('Compare Runs'),
    caption: trans.__('Show what differs between two runs: code, parameters, metrics, environment'),
    icon: pipelineIcon,
    properties: { first: { type: 'string' }, second: { type: 'string' } },
    required: ['first', 'second'],
    keyOf: ({ first, second }) =>
      typeof first === 'string' && typeof second === 'string' ? `${first} ${second}` : undefined,
    make: key => {
      const [first = '', second = ''] = key.split(' ');
      const props = {
        model: new CompareModel(service.client, first, second),
        showRun: (id: string): void => void app.commands.execute(SHOW_RUN, { run: id }),
        trans
      };
      const { model } = props;
      return new ModelWidget({
        model,
        name: 'nb2pipe-Compare',
        draw: () => createElement(CompareView, props)
      });
    },
    argsOf: ({ model }) => ({ first: model.ids[0], second: model.ids[1] }),
    titleOf: ({ model }) => ({
      label: trans.__('Compare Runs'),
      caption: trans.__('%1 and %2', model.ids[0], model.ids[1])
    })
  });
});

export const comparePlugins: JupyterFrontEndPlugin<unknown>[] = [compare];
