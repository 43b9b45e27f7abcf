/** What the service is told of a form. */

import { ApiError } from '../api/errors';
import type { operations } from '../api/schema';
import type { ScheduleForm } from './form';
import { notifyBody } from './notify';
import { readTyped } from './parameters';
import { bodyOf } from './when';

type Change = NonNullable<operations['editSchedule']['requestBody']>['content']['application/json'];
export type Body = Change & { on?: string };

/** Of a new schedule what was chosen; of a stored one what differs from it, so that nothing else of it changes. */
export function bodyFor(form: ScheduleForm): Body {
  const { fields, initial, options } = form;
  const isNew = options.stored === undefined;
  const isChanged = (name: keyof typeof fields): boolean => fields[name] !== initial[name];
  const isDue = isNew || JSON.stringify(bodyOf(fields.when)) !== JSON.stringify(bodyOf(initial.when));
  const parameters = valuesOf(form);
  const policy = {
    ...(isNew || isChanged('missed') ? { missed: fields.missed } : {}),
    ...(isNew || isChanged('overlap') ? { overlap: fields.overlap } : {})
  };
  return {
    ...(fields.name.trim() && isChanged('name') ? { name: fields.name.trim() } : {}),
    ...(isNew && fields.on ? { on: fields.on } : {}),
    ...(isDue ? bodyOf(fields.when) : {}),
    ...(fields.zone && (isDue || isChanged('zone')) ? { zone: fields.zone } : {}),
    ...(isNew || isChanged('source') || fields.isRetaken ? { source: fields.source } : {}),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(Object.keys(policy).length > 0 ? { policy } : {}),
    ...(isChanged('notify') ? { notify: notifyBody(fields.notify) } : {})
  };
}

function valuesOf({ fields, options }: ScheduleForm): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const parameter of options.parameters) {
    const typed = fields.values[parameter.name];
    const read = typed === undefined ? null : readTyped(parameter, typed, options.trans);
    if (read && 'value' in read) {
      found[parameter.name] = read.value;
    }
  }
  return found;
}

/** Whatever was thrown, as an error that can be shown. */
export function asError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError({ message: error instanceof Error ? error.message : String(error) }, 500);
}
