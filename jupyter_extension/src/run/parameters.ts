/** Values of parameters as one types them. */

import type { JSONValue } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Parameter } from '../api/types';

/** What stands in the form for one parameter. */
export interface Field {
  text: string;
  /** Whether it is Python's None, whatever the text. */
  isNone: boolean;
}
export type Read = { value: JSONValue; problem?: undefined } | { problem: string };

/** A value as the form shows it. */
export function fieldOf(type: Parameter['type'], value: unknown): Field {
  if (value === null || value === undefined) {
    return { text: type === 'bool' ? 'false' : '', isNone: type !== 'any' && type !== 'none' };
  }
  const text = type === 'str' && typeof value === 'string' ? value : JSON.stringify(value);
  return { text, isNone: false };
}

/** The value that a field stands for, or what is wrong with it. */
export function readField({ type }: Pick<Parameter, 'type'>, field: Field, trans: TranslationBundle): Read {
  if (field.isNone) {
    return { value: null };
  }
  const text = field.text.trim();
  switch (type) {
    case 'str':
      return { value: field.text };
    case 'bool':
      return { value: text === 'true' };
    case 'int':
      return readInt(text, trans);
    case 'float':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
        ? { value: Number(text) }
        : { problem: trans.__('A number is needed, such as 0.5 or 1e-3.') };
    case 'list':
      return readJson(text, Array.isArray, trans.__('A JSON list is needed, such as [1, 2] or ["a", "b"].'));
    case 'dict':
      return readJson(text, isRecord, trans.__('A JSON object is needed, such as {"a": 1}.'));
    case 'none':
    case 'any':
      return text === ''
        ? { value: null }
        : readJson(text, () => true, trans.__('A JSON value is needed; a text goes in double quotes.'));
  }
}

function readInt(text: string, trans: TranslationBundle): Read {
  if (!/^[+-]?\d+$/.test(text)) {
    return { problem: trans.__('A whole number is needed, such as 10.') };
  }
  const value = Number(text);
  return Number.isSafeInteger(value)
    ? { value }
    : { problem: trans.__('The number is too long for a form; give it in the notebook.') };
}

function readJson(text: string, isRight: (value: JSONValue) => boolean, problem: string): Read {
  try {
    const value = JSON.parse(text) as JSONValue;
    return isRight(value) ? { value } : { problem };
  } catch {
    return { problem };
  }
}

function isRecord(value: JSONValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
