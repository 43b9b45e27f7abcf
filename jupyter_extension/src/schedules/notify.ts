/** Who is told of a schedule's runs. */

import type { Schedule } from '../api/types';

type Notify = NonNullable<NonNullable<Schedule['schedule']>['notify']>[number];
export type NoticeEvent = Exclude<Notify['events'][number], 'test'>;

/** What a schedule can tell, in the order in which it is shown. */
export const EVENTS: readonly NoticeEvent[] = ['failure', 'recovery', 'late', 'approval'];

/** `default`: whom the settings name. */
export interface NotifyChoice {
  who: 'default' | 'none' | 'chosen';
  /** Events by channel. */
  chosen: Readonly<Record<string, readonly NoticeEvent[]>>;
  /** Channels that tell of the first failure in a row only. */
  onlyFirst: readonly string[];
}

export const DEFAULT_NOTIFY: NotifyChoice = { who: 'default', chosen: {}, onlyFirst: [] };

/** What a form has of those that a schedule names. */
export function notifyOf(notify: readonly Notify[] | null): NotifyChoice {
  if (notify === null) {
    return DEFAULT_NOTIFY;
  }
  const isOfSchedules = (event: Notify['events'][number]): event is NoticeEvent => event !== 'test';
  return {
    who: notify.length > 0 ? 'chosen' : 'none',
    chosen: Object.fromEntries(notify.map(each => [each.channel, each.events.filter(isOfSchedules)])),
    onlyFirst: notify.filter(each => each.only_first).map(each => each.channel)
  };
}

/** What the service is told of it. */
export function notifyBody({ who, chosen, onlyFirst }: NotifyChoice): string[] {
  if (who !== 'chosen') {
    return [who];
  }
  const said = Object.entries(chosen).filter(([, events]) => events.length > 0);
  return said.length === 0
    ? ['none']
    : said.map(
        ([channel, events]) =>
          `${channel}:${[...events, ...(onlyFirst.includes(channel) ? ['only_first'] : [])].join(',')}`
      );
}

/** With one event of a channel told or not. */
export function withEvent(
  choice: NotifyChoice,
  channel: string,
  event: NoticeEvent,
  isTold: boolean
): NotifyChoice {
  const before = choice.chosen[channel] ?? [];
  const after = EVENTS.filter(each => (each === event ? isTold : before.includes(each)));
  return { ...choice, who: 'chosen', chosen: { ...choice.chosen, [channel]: after } };
}
