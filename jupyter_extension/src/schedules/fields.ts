/** What one fills into the form of a schedule. */

import type { Schedule } from '../api/types';
import { DEFAULT_NOTIFY, type NotifyChoice, notifyOf } from './notify';
import type { Typed } from './parameters';
import { ownZone } from './times';
import { DEFAULT_WHEN, type When, whenOf } from './when';

export type Stored = NonNullable<Schedule['schedule']>;

export interface Fields {
  name: string;
  when: When;
  /** IANA name. */
  zone: string;
  /** Name of the target whose engine fires it; empty for this machine's scheduler. */
  on: string;
  source: Stored['source'];
  /** Whether a snapshot is taken anew; for a stored schedule only. */
  isRetaken: boolean;
  missed: Stored['policy']['missed'];
  overlap: Stored['policy']['overlap'];
  notify: NotifyChoice;
  /** By parameter, what was typed; what was not is left to the notebook. */
  values: Readonly<Record<string, Typed>>;
}

export function newFields(): Fields {
  return {
    name: '',
    when: DEFAULT_WHEN,
    zone: ownZone(),
    on: '',
    source: 'follow',
    isRetaken: false,
    missed: 'once',
    overlap: 'skip',
    notify: DEFAULT_NOTIFY,
    values: {}
  };
}

export function fieldsOf(stored: Stored): Fields {
  return {
    name: stored.name,
    when: whenOf(stored.trigger),
    zone: stored.trigger.zone,
    on: stored.target,
    source: stored.source,
    isRetaken: false,
    missed: stored.policy.missed,
    overlap: stored.policy.overlap,
    notify: notifyOf(stored.notify),
    values: {}
  };
}
