/** What the tags of one cell say, by the grammar of nb2pipe and Kale; nb2pipe/notebook/tags.py is the same in Python. */

import type { TranslationBundle } from '@jupyterlab/translation';

export type Role = 'parameters' | 'setup' | 'metrics' | 'skip';

/** What one cell's tags mean; both null on a cell that goes on with the step before it. */
export interface CellTag {
  role: Role | null;
  /** The step that the cell starts or continues by name. */
  step: string | null;
}

/** Name of the step that holds code before the first tagged step. */
export const START = 'start';
const MAX_NAME_LENGTH = 100;

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['parameters', 'parameters'],
  ['pipeline-parameters', 'parameters'],
  ['injected-parameters', 'parameters'],
  ['setup', 'setup'],
  ['imports', 'setup'],
  ['functions', 'setup'],
  ['skip', 'skip'],
  ['metrics', 'metrics'],
  ['pipeline-metrics', 'metrics']
]);
const STEP_PREFIXES: ReadonlySet<string> = new Set(['step', 'block']);
const AFTER_PREFIXES: ReadonlySet<string> = new Set(['after', 'prev']);
const SETTING_PREFIXES: ReadonlySet<string> = new Set([
  'image',
  'limit',
  'cache',
  'label',
  'annotation',
  'secret'
]);
const LEGAL = /^[\p{L}\p{M}\p{N}_-]+$/u;

export function readTags(tags: readonly string[]): CellTag {
  const roles = new Set(tags.flatMap(tag => ROLES.get(tag) ?? []));
  if (roles.has('skip')) {
    return { role: 'skip', step: null };
  }
  if (roles.has('parameters')) {
    roles.delete('setup'); // a parameters cell is a setup cell as well
  }
  const [role] = roles;
  return role ? { role, step: null } : { role: null, step: tags.map(stepOf).find(isLegalName) ?? null };
}

/** Whether the tag belongs to nb2pipe or Kale. */
export function isOurs(tag: string): boolean {
  return isRole(tag) || isOfStep(tag);
}

export function isRole(tag: string): boolean {
  return ROLES.has(tag);
}

/** Whether the tag says something of the step, and so goes where the step's beginning goes. */
export function isOfStep(tag: string): boolean {
  const prefix = prefixOf(tag);
  return STEP_PREFIXES.has(prefix) || AFTER_PREFIXES.has(prefix) || SETTING_PREFIXES.has(prefix);
}

/** Whether the tag names the step that the cell is of, legally or not. */
export function isStep(tag: string): boolean {
  return STEP_PREFIXES.has(prefixOf(tag));
}

/** The tag with one step's name for another's, wherever it names that step; else the tag as it is. */
export function renamedTag(tag: string, from: string, to: string): string {
  const prefix = prefixOf(tag);
  const rest = tag.slice(prefix.length + 1);
  if (STEP_PREFIXES.has(prefix)) {
    return clean(rest) === from ? `${prefix}:${to}` : tag;
  }
  if (!AFTER_PREFIXES.has(prefix)) {
    return tag;
  }
  const parts = rest.split(':');
  return `${prefix}:${parts.map(part => (clean(part) === from ? to : part)).join(':')}`;
}

/** Why a step cannot have this name; empty where it can. */
export function nameProblem(name: string, trans: TranslationBundle): string {
  if (!name) {
    return trans.__('A step needs a name.');
  }
  if ([...name].length > MAX_NAME_LENGTH) {
    return trans.__('The name is longer than %1 characters.', MAX_NAME_LENGTH);
  }
  const wrong = [...name].find(sign => !LEGAL.test(sign));
  if (wrong === undefined) {
    return '';
  }
  return /\s/.test(wrong)
    ? trans.__('A name has no blanks. Use letters, digits, - and _.')
    : trans.__('“%1” cannot be in a name. Use letters, digits, - and _.', wrong);
}

function stepOf(tag: string): string {
  return isStep(tag) ? clean(tag.slice(prefixOf(tag).length + 1)) : '';
}

function isLegalName(name: string): boolean {
  return LEGAL.test(name) && [...name].length <= MAX_NAME_LENGTH;
}

/** What stands before the first colon; empty without one. */
function prefixOf(tag: string): string {
  return tag.slice(0, Math.max(tag.indexOf(':'), 0));
}

function clean(name: string): string {
  return name.trim().normalize('NFC');
}
