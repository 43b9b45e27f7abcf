/** The plugin with the lineage view. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { treeViewIcon } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { createElement } from 'react';

import { SHOW_RUN } from '../run/ids';
import { Opener, type Place } from '../run/opening';
import { ModelWidget } from '../ui/modelWidget';
import { tabPlugin } from '../ui/tabPlugin';
import { addTabs, type Args } from '../ui/tabs';
import { OPEN_LINEAGE } from './ids';
import { LineageModel, type Subject } from './model';
import { LineageView } from './view';

const ABOUT = 'Shows what data, code and parameters made something, and what used it.';

const lineage = tabPlugin('nb2pipe:lineage', ABOUT, tools => {
  const { app, service, tracker, trans } = tools;
  const { client } = service;
  const opener = new Opener({ app, client, tracker, trans });
  addTabs(tools, {
    id: 'nb2pipe-lineage',
    type: 'Lineage',
    command: OPEN_LINEAGE,
    label: args =>
      args['name'] ? trans.__('Show Lineage') : trans.__('Show Lineage of Data, Models and Metrics'),
    caption: trans.__('Show which data, code and parameters made something, and what used it'),
    icon: treeViewIcon,
    properties: propertiesOf(trans),
    titleOf: () => ({ label: trans.__('Lineage') }),
    argsOf: ({ model }) => ({ ...model.subject }),
    changedOf: ({ model }) => model.changed,
    make: () => {
      const model = new LineageModel(client);
      const parts = {
        model,
        trans,
        showRun: (id: string): void => void app.commands.execute(SHOW_RUN, { run: id }),
        openCell: (place: Place): void => void opener.cell(place)
      };
      const draw = () => createElement(LineageView, { tools: parts });
      return new ModelWidget({ model, name: 'nb2pipe-Lineage', draw });
    },
    opened: async ({ model }, args) => {
      const subject = subjectOf(args);
      if (subject) {
        await model.walk(subject);
      }
    }
  });
});

function subjectOf(args: Args): Subject | null {
  const { name, kind, digest, label } = args;
  return typeof name !== 'string' || name === ''
    ? null
    : {
        name,
        kind: kind === 'metric' ? kind : undefined,
        digest: typeof digest === 'string' ? digest : undefined,
        label: typeof label === 'string' ? label : (name.split('/').at(-1) ?? name)
      };
}

function propertiesOf(trans: TranslationBundle): ReadonlyJSONObject {
  const text = (description: string): ReadonlyJSONObject => ({ type: 'string', description });
  return {
    name: text(trans.__('A run, RUN/STEP, RUN/STEP/NAME, a path or a URL.')),
    kind: text(trans.__('“metric” where a value of the step has that name, too.')),
    digest: text(trans.__('Only this version of a file.')),
    label: text(trans.__('Short text for a person.'))
  };
}

export const lineagePlugins: JupyterFrontEndPlugin<unknown>[] = [lineage];
