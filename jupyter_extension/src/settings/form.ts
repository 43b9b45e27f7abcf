/** The settings of one step as they are typed; only what is right leaves it. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt, type JSONObject, type JSONValue } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import { doubled, draftOf, type Draft, type Field, type Fits, objectOf, valueOf } from './fields';

export interface SettingsFormOptions {
  fields: readonly Field[];
  fits: Fits;
  /** The metadata as it is; undefined for none. */
  value: JSONValue | undefined;
  /** Gets the metadata as it shall be, undefined for none, once for each setting that was changed. */
  write: (value: JSONObject | undefined) => void;
  trans: TranslationBundle;
}

export class SettingsForm {
  constructor(readonly options: SettingsFormOptions) {
    this._value = options.value;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Whether the metadata is what settings are: an object. Else nothing of it is touched. */
  get isReadable(): boolean {
    return this._value === undefined || (typeof this._value === 'object' && !Array.isArray(this._value));
  }

  /** Names in the metadata that are no settings; they stay. */
  get unknown(): string[] {
    const known = new Set(this.options.fields.map(field => field.name));
    return Object.keys(objectOf(this._value)).filter(name => !known.has(name));
  }

  /** Whether a setting has a value, or something is typed. */
  isSet({ name }: Field): boolean {
    return this._drafts.has(name) || (objectOf(this._value)[name] ?? null) !== null;
  }

  draft(field: Field): Draft {
    return this._drafts.get(field.name) ?? draftOf(field, objectOf(this._value)[field.name]);
  }

  /** What is wrong with a setting, in words; empty if nothing is. */
  problem(field: Field): string {
    const draft = this.draft(field);
    const { trans, fits } = this.options;
    const twice = typeof draft === 'string' ? [] : doubled(draft);
    if (twice.length > 0) {
      return trans.__('“%1” is there twice.', twice.join(', '));
    }
    const value = this._valueOf(field);
    if (value === undefined || fits(field.schema, value)) {
      return '';
    }
    const wrong = Object.entries(objectOf(value)).find(
      ([name, each]) => !fits(field.schema, { [name]: each })
    );
    return wrong
      ? trans.__('“%1” cannot be kept like this. %2', wrong[0], field.description)
      : trans.__('This is not a valid value. Wanted: %1', field.description);
  }

  /** Take what is typed; it is not written yet. */
  type(field: Field, draft: Draft): void {
    this._drafts.set(field.name, draft);
    this._changed.emit();
  }

  /** Write a setting if it is right. What is wrong stays in the form, and out of the notebook. */
  commit(field: Field): void {
    if (!this._drafts.has(field.name) || !this.isReadable || this.problem(field) !== '') {
      return;
    }
    const value = this._valueOf(field);
    const { [field.name]: old, ...rest } = objectOf(this._value);
    this._drafts.delete(field.name);
    if (!JSONExt.deepEqual(old ?? null, value ?? null)) {
      const found = value === undefined ? rest : { ...objectOf(this._value), [field.name]: value };
      this._value = Object.keys(found).length > 0 ? found : undefined;
      this.options.write(this._value as JSONObject | undefined);
    }
    this._changed.emit();
  }

  /** Write all that is typed and right. */
  commitAll(): void {
    this.options.fields.forEach(field => this.commit(field));
  }

  /** The metadata was changed elsewhere, as by undo. What is typed and not written stays. */
  take(value: JSONValue | undefined): void {
    if (!JSONExt.deepEqual(value ?? null, this._value ?? null)) {
      this._value = value;
      this._changed.emit();
    }
  }

  private _valueOf(field: Field): JSONValue | undefined {
    const old = objectOf(this._value)[field.name];
    return valueOf(field, this.draft(field), old, this.options.fits);
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _drafts = new Map<string, Draft>();
  private _value: JSONValue | undefined;
}
