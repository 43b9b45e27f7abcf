/** What can be set of a step, read out of the service's JSON schema: no name of a setting stands here. */

import type { JSONObject, JSONValue } from '@lumino/coreutils';

/** `switch`: as it is, on or off; `list`: one a line; `pairs`: texts by name; `references`: those that name a place. */
export type FieldKind = 'text' | 'switch' | 'list' | 'pairs' | 'references';
export interface Field {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: FieldKind;
  /** What its value must fit. */
  readonly schema: JSONObject;
  /** Kinds of places that a reference names, such as `env`. */
  readonly places: readonly string[];
  readonly takesNumber: boolean;
  readonly takesSwitch: boolean;
}
/** Whether a value fits a schema. */
export type Fits = (schema: JSONObject, value: JSONValue) => boolean;
/** Rows of a name and a text. */
export type Rows = readonly (readonly [string, string])[];
export type Draft = string | Rows;

export function fieldsOf(schema: JSONValue): Field[] {
  const properties = objectOf(objectOf(schema)['properties']);
  return Object.entries(properties).map(([name, value]) => fieldOf(name, objectOf(value)));
}

function fieldOf(name: string, schema: JSONObject): Field {
  const forms = Array.isArray(schema['anyOf']) ? schema['anyOf'].map(objectOf) : [schema];
  const has = (...types: string[]): boolean => forms.some(form => types.includes(String(form['type'])));
  const object = forms.find(form => form['type'] === 'object');
  const places = object ? placesOf(String(objectOf(object['additionalProperties'])['pattern'] ?? '')) : [];
  const isNamed = forms.some(form => Array.isArray(form['enum']));
  return {
    name,
    title: typeof schema['title'] === 'string' ? schema['title'] : name,
    description: typeof schema['description'] === 'string' ? schema['description'] : '',
    kind: object
      ? places.length > 0
        ? 'references'
        : 'pairs'
      : has('array')
        ? 'list'
        : has('boolean') && isNamed
          ? 'switch'
          : 'text',
    schema,
    places,
    takesNumber: has('number', 'integer'),
    takesSwitch: has('boolean')
  };
}

/** The words before the colons of a pattern such as `^(env:…|file:…)$`. */
function placesOf(pattern: string): string[] {
  return [...pattern.matchAll(/[(|](\w+):/g)].map(found => found[1] ?? '');
}

/** A value as it is typed. */
export function draftOf({ kind }: Field, value: JSONValue | undefined): Draft {
  if (kind === 'pairs' || kind === 'references') {
    return Object.entries(objectOf(value)).map(([name, each]) => [name, textOf(each)] as const);
  }
  return Array.isArray(value) ? value.map(volumeText).join('\n') : textOf(value);
}

/** The value of what was typed; undefined for none. What of the old value was not touched stays as it is written. */
export function valueOf(
  field: Field,
  draft: Draft,
  old: JSONValue | undefined,
  fits: Fits
): JSONValue | undefined {
  if (typeof draft !== 'string') {
    return pairsOf(draft, objectOf(old));
  }
  if (field.kind === 'list') {
    const before = Array.isArray(old) ? old : [];
    const lines = draft.split('\n').map(line => line.trim());
    const found = lines.filter(Boolean).map(line => before.find(each => volumeText(each) === line) ?? line);
    return found.length > 0 ? found : undefined;
  }
  const text = draft.trim();
  if (text === '') {
    return undefined;
  }
  const isUntouched = old !== undefined && textOf(old) === text;
  return isUntouched ? old : (formsOf(field, text).find(each => fits(field.schema, each)) ?? text);
}

function formsOf({ kind, takesNumber, takesSwitch }: Field, text: string): JSONValue[] {
  const isSwitch = takesSwitch && (kind === 'switch' || text === 'true' || text === 'false');
  const number = takesNumber && /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
  return [...(isSwitch ? [text === 'true'] : []), ...(Number.isFinite(number) ? [number] : []), text];
}

function pairsOf(rows: Rows, old: JSONObject): JSONObject | undefined {
  const filled = rows.filter(([name, text]) => name.trim() !== '' || text !== '');
  const found = filled.map(([name, text]): [string, JSONValue] => {
    const before = old[name];
    return [name.trim(), before !== undefined && textOf(before) === text ? before : text];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** The names that stand in more rows than one. */
export function doubled(rows: Rows): string[] {
  const names = rows.map(([name]) => name.trim()).filter(Boolean);
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))];
}

export function objectOf(value: JSONValue | undefined): JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function textOf(value: JSONValue | undefined): string {
  return value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}

function volumeText(value: JSONValue): string {
  const { source, target, read_only: isReadOnly } = objectOf(value);
  return typeof source === 'string' && typeof target === 'string'
    ? `${source}:${target}${isReadOnly === true ? ':ro' : ''}`
    : textOf(value);
}
