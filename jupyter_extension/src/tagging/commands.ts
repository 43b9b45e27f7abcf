/** The commands that tag cells. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { TagEdit } from './edit';
import { nameProblem } from './grammar';
import { cellsOf } from './cells';
import { START_STEP } from './ids';
import { askName } from './nameDialog';
import type { Tagger } from './tagger';

/** All but the proposal, in the order of menus; an empty one is a separator. */
export const MENU = [
  START_STEP,
  'nb2pipe:join-previous',
  'nb2pipe:rename-step',
  '',
  'nb2pipe:move-boundary-up',
  'nb2pipe:move-boundary-down',
  '',
  'nb2pipe:make-setup',
  'nb2pipe:make-parameters',
  'nb2pipe:make-metrics',
  'nb2pipe:skip-cell',
  'nb2pipe:clear'
];

interface Entry {
  label: string;
  caption: string;
  /** What the command takes beside the active cell: a step's name, asked for where it is not given. */
  takesName?: boolean;
  isEnabled?: () => boolean;
  execute: (args: ReadonlyPartialJSONObject) => unknown;
}

/** Add all commands of `MENU`. */
export function addCommands(
  commands: JupyterFrontEnd['commands'],
  tagger: Tagger,
  trans: TranslationBundle
): void {
  const entries = [...stepEntries(tagger, trans), ...cellEntries(tagger, trans)];
  for (const [id, { takesName, isEnabled, ...entry }] of entries) {
    commands.addCommand(id, {
      ...entry,
      isEnabled: () => tagger.target !== null && (isEnabled?.() ?? true),
      describedBy: {
        args: { type: 'object', properties: takesName ? { name: { type: 'string' } } : {} }
      }
    });
  }
}

function stepEntries(tagger: Tagger, trans: TranslationBundle): [string, Entry][] {
  return [
    [
      START_STEP,
      {
        label: trans.__('Start Step Here…'),
        caption: trans.__('Let this cell, and those after it, be a step'),
        takesName: true,
        execute: args => startStep(tagger, trans, args['name'])
      }
    ],
    [
      'nb2pipe:join-previous',
      {
        label: trans.__('Join Previous Step'),
        caption: trans.__('Let this cell go on with the step before it'),
        execute: () => tagger.editActive((edit, index) => edit.joinPrevious(index))
      }
    ],
    [
      'nb2pipe:rename-step',
      {
        label: trans.__('Rename Step…'),
        caption: trans.__('Give this step another name in all cells that name it'),
        takesName: true,
        isEnabled: () => tagger.step !== '',
        execute: args => renameStep(tagger, trans, args['name'])
      }
    ],
    [
      'nb2pipe:move-boundary-up',
      {
        label: trans.__('Begin Step One Cell Earlier'),
        caption: trans.__('Take the cell above into this step'),
        execute: () => tagger.editActive((edit, index) => edit.moveBoundaryUp(index))
      }
    ],
    [
      'nb2pipe:move-boundary-down',
      {
        label: trans.__('Begin Step One Cell Later'),
        caption: trans.__('Leave the first cell of this step to the step before'),
        execute: () => tagger.editActive((edit, index) => edit.moveBoundaryDown(index))
      }
    ]
  ];
}

function cellEntries(tagger: Tagger, trans: TranslationBundle): [string, Entry][] {
  return [
    [
      'nb2pipe:make-setup',
      {
        label: trans.__('Make Setup'),
        caption: trans.__('Run these cells at the start of every step that needs them'),
        execute: () => tagger.editSelected((edit, index) => edit.setRole(index, 'setup'))
      }
    ],
    [
      'nb2pipe:make-parameters',
      {
        label: trans.__('Make Parameters'),
        caption: trans.__('Let the values in these cells be parameters of the pipeline'),
        execute: () => tagger.editSelected((edit, index) => edit.setRole(index, 'parameters'))
      }
    ],
    [
      'nb2pipe:make-metrics',
      {
        label: trans.__('Make Metrics'),
        caption: trans.__('Let the values named in these cells be metrics of their step'),
        execute: () => tagger.editSelected((edit, index) => edit.setRole(index, 'metrics'))
      }
    ],
    [
      'nb2pipe:skip-cell',
      {
        label: trans.__('Leave Out of Pipeline'),
        caption: trans.__('These cells are not part of the pipeline'),
        execute: () => tagger.editSelected((edit, index) => edit.setRole(index, 'skip'))
      }
    ],
    [
      'nb2pipe:clear',
      {
        label: trans.__('Clear Tags of nb2pipe'),
        caption: trans.__('Take the tags and settings of nb2pipe away from these cells'),
        execute: () => tagger.editSelected((edit, index) => edit.clear(index))
      }
    ]
  ];
}

async function startStep(tagger: Tagger, trans: TranslationBundle, given: unknown): Promise<void> {
  const target = tagger.target;
  if (!target) {
    tagger.say(trans.__('A step begins with code: select a code cell first.'));
    return;
  }
  if (!tagger.mayWrite(target.panel)) {
    return;
  }
  const name =
    typeof given === 'string'
      ? given
      : await askName({
          title: trans.__('Start a step at cell %1', target.index + 1),
          accept: trans.__('Start Step'),
          problem: text => nameProblem(text, trans),
          trans
        });
  if (name !== null) {
    tagger.editActive((edit, index) => edit.startStep(index, name));
  }
}

async function renameStep(tagger: Tagger, trans: TranslationBundle, given: unknown): Promise<void> {
  const { target, step } = tagger;
  const model = target?.panel.content.model;
  if (!target || !model || !step || !tagger.mayWrite(target.panel)) {
    return;
  }
  const name =
    typeof given === 'string'
      ? given
      : await askName({
          title: trans.__('Rename step “%1”', step),
          accept: trans.__('Rename'),
          name: step,
          problem: text => new TagEdit(cellsOf(model), trans).renameProblem(step, text),
          trans
        });
  if (name !== null && name !== step) {
    tagger.editActive(edit => edit.rename(step, name));
  }
}
