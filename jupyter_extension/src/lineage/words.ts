/** What nodes of a lineage are, in words. */

import { PathExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Lineage, LineageNode, LineageRun, LineageStart } from '../api/types';
import { shortTimeText, timeText } from '../ui/words';
import type { Subject } from './model';

export type Look = 'step' | 'value' | 'model' | 'metric' | 'file' | 'url' | 'run';

const MODEL =
  /^(sklearn|xgboost|lightgbm|catboost|statsmodels|torch\.nn|keras|tensorflow\.keras)\.|(Model|Classifier|Regressor|Estimator|Regression)(CV)?$/;

/** What kind of thing a person sees in it. */
export function lookOf(node: LineageNode): Look {
  if (node.kind === 'artifact') {
    return MODEL.test(node.type) ? 'model' : 'value';
  }
  return node.kind === 'file' && node.path.includes('://') ? 'url' : node.kind;
}

export function lookOfStart(start: LineageStart): Look {
  if (start.kind === 'artifact') {
    return MODEL.test(start.type) ? 'model' : 'value';
  }
  return start.kind === 'file' && start.name.includes('://') ? 'url' : start.kind;
}

export function lookWord(look: Look, trans: TranslationBundle): string {
  const words: Record<Look, string> = {
    step: trans.__('Step'),
    value: trans.__('Value'),
    model: trans.__('Model'),
    metric: trans.__('Metric'),
    file: trans.__('File'),
    url: trans.__('URL'),
    run: trans.__('Run')
  };
  return words[look];
}

/** The name that a node is drawn with. */
export function nameOf(node: LineageNode): string {
  if (node.kind === 'file') {
    return node.path.includes('://') ? node.path : PathExt.basename(node.path);
  }
  return node.kind === 'step' ? node.step.step : node.name;
}

/** What stands below its name, one line each. */
export function factsOf(node: LineageNode, answer: Lineage, trans: TranslationBundle): string[] {
  switch (node.kind) {
    case 'metric':
      return [valueText(node.value)];
    case 'artifact':
      return [[node.type.split('.').at(-1), node.preview].filter(Boolean).join(' · ')];
    case 'file':
      return [
        [sizeText(node.size_bytes), node.digest && versionText(node.digest, trans)]
          .filter(Boolean)
          .join(' · ')
      ];
    case 'step': {
      const run = answer.runs[node.run_id];
      return run ? [notebookOf(run), shortTimeText(run.created_at)] : [node.run_id];
    }
  }
}

/** The same in one line. */
export function factOf(node: LineageNode, answer: Lineage, trans: TranslationBundle): string {
  return factsOf(node, answer, trans).join(' · ');
}

/** All of it in one text, for a tooltip and for who does not see the picture. */
export function sentenceOf(node: LineageNode, answer: Lineage, trans: TranslationBundle): string {
  const head = `${lookWord(lookOf(node), trans)} ${node.kind === 'file' ? node.path : nameOf(node)}`;
  const lines = [head, factOf(node, answer, trans)];
  if (node.kind === 'step') {
    const run = answer.runs[node.run_id];
    lines.push(
      trans.__('Run %1', node.run_id),
      run ? timeText(run.created_at) : '',
      run?.user ? trans.__('by %1', run.user) : '',
      givenText(node.step.parameters),
      run ? trans.__('code version %1', run.notebook_digest.slice(0, 8)) : ''
    );
  } else if (node.kind === 'metric') {
    lines.push(trans.__('of step %1 in run %2', node.step, node.run_id));
  }
  return lines.filter(Boolean).join('\n');
}

/** How the service is asked about a node. */
export function subjectOf(node: LineageNode, answer: Lineage): Subject {
  const label = nameOf(node);
  switch (node.kind) {
    case 'step':
      return { name: `${node.run_id}/${node.step.step}`, label };
    case 'metric':
      return { name: `${node.run_id}/${node.step}/${node.name}`, kind: 'metric', label };
    case 'file':
      return { name: node.path, digest: node.digest || undefined, label };
    case 'artifact': {
      const maker = makersOf(node.id, answer).find(each => each.kind === 'step');
      const isNamed = maker?.kind === 'step' && maker.step.artifacts.some(each => each.name === node.name);
      return {
        name: isNamed ? `${maker.run_id}/${maker.step.step}/${node.name}` : `${node.digest}/${node.name}`,
        label
      };
    }
  }
}

export function makersOf(id: string, answer: Lineage): LineageNode[] {
  const ids = answer.edges.filter(edge => edge.target === id).map(edge => edge.source);
  return answer.nodes.filter(node => ids.includes(node.id));
}

export function usersOf(id: string, answer: Lineage): LineageNode[] {
  const ids = answer.edges.filter(edge => edge.source === id).map(edge => edge.target);
  return answer.nodes.filter(node => ids.includes(node.id));
}

export function notebookOf(run: LineageRun): string {
  return PathExt.basename(run.notebook ?? run.notebook_path);
}

/** Parameter values as one writes them in a call; empty for none. */
export function givenText(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ');
}

export function valueText(value: unknown): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function sizeText(bytes: number | null): string {
  if (bytes === null) {
    return '';
  }
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power] ?? ''}`;
}

function versionText(digest: string, trans: TranslationBundle): string {
  return trans.__('version %1', digest.slice(0, 8));
}
