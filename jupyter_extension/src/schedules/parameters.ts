/** Parameter values as a form has them, and as the service takes them. */

import type { TranslationBundle } from '@jupyterlab/translation';

import type { Parameter } from '../api/types';

/** What was typed: a text, or the state of a box. */
export type Typed = string | boolean;
export type Read = { value: unknown } | { error: string };

/** What a form shows of a value. */
export function typedOf(parameter: Parameter, value: unknown): Typed {
  if (parameter.type === 'bool' && typeof value === 'boolean') {
    return value;
  }
  if (value === null && isPlain(parameter)) {
    return '';
  }
  return isPlain(parameter) ? String(value) : JSON.stringify(value);
}

/** The value that was typed, or what is wrong with it. */
export function readTyped(parameter: Parameter, typed: Typed, trans: TranslationBundle): Read {
  if (typeof typed === 'boolean') {
    return { value: typed };
  }
  const text = typed.trim();
  if (text === '' && isEmptyNone(parameter)) {
    return { value: null };
  }
  switch (parameter.type) {
    case 'str':
      return { value: typed };
    case 'int':
      return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text))
        ? { value: Number(text) }
        : { error: trans.__('Write a whole number, such as 10.') };
    case 'float':
      return text !== '' && Number.isFinite(Number(text))
        ? { value: Number(text) }
        : { error: trans.__('Write a number, such as 0.5.') };
    case 'bool':
    case 'list':
    case 'dict':
    case 'none':
    case 'any':
      return readJson(parameter, text, trans);
  }
}

/** Whether an empty field stands for None: where the notebook's own value is that. */
export function isEmptyNone({ type, default: value }: Parameter): boolean {
  return value === null && isPlain({ type });
}

function readJson(parameter: Parameter, text: string, trans: TranslationBundle): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: trans.__('Write JSON, such as %1.', exampleOf(parameter)) };
  }
  const isList = Array.isArray(value);
  const isFit =
    (parameter.type === 'list' && isList) ||
    (parameter.type === 'dict' && typeof value === 'object' && value !== null && !isList) ||
    (parameter.type === 'bool' && typeof value === 'boolean') ||
    parameter.type === 'any' ||
    parameter.type === 'none';
  return isFit ? { value } : { error: trans.__('Write JSON, such as %1.', exampleOf(parameter)) };
}

function exampleOf({ type }: Parameter): string {
  switch (type) {
    case 'list':
      return '[1, 2]';
    case 'dict':
      return '{"a": 1}';
    case 'bool':
      return 'true';
    case 'int':
    case 'float':
    case 'str':
    case 'none':
    case 'any':
      return '"text"';
  }
}

/** Whether a form has the value itself, and not its JSON. */
function isPlain({ type }: Pick<Parameter, 'type'>): boolean {
  return type === 'int' || type === 'float' || type === 'str';
}
