/** The schema of settings, and what checks values against it: both are asked for when a form is first shown. */

import type { JSONObject, JSONValue } from '@lumino/coreutils';

import type { Client } from '../api/client';
import { fieldsOf, type Field, type Fits } from './fields';

export interface Schema {
  fields: readonly Field[];
  fits: Fits;
}

export async function loadSchema(client: Client): Promise<Schema> {
  const [schema, fits] = await Promise.all([client.get('/step-settings'), loadFits()]);
  return { fields: fieldsOf(schema as unknown as JSONValue), fits };
}

/** The validator is big, and most who open a notebook never need it. */
export async function loadFits(): Promise<Fits> {
  const { default: validator } = await import('@rjsf/validator-ajv8');
  return (schema: JSONObject, value: JSONValue) => validator.isValid(schema, value, {});
}
