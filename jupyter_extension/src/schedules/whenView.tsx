/** The part of the form that says when. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { Choice, Labelled, Line } from './controls';
import type { Fields } from './fields';
import type { ScheduleForm } from './form';
import { knownZones, momentText, ownZone, wallText } from './times';
import { changedWhen, cronOf, DEFAULT_WHEN, type When, type WhenKind, withCron, wordsOf } from './when';
import { weekdayName } from './words';

interface Props {
  form: ScheduleForm;
  trans: TranslationBundle;
}

const UNKNOWN_ZONE = 'N2P803';
const ZONES_ID = 'nb2pipe-zones';
const DAY_MS = 86_400_000;
const MONDAY_FIRST = [1, 2, 3, 4, 5, 6, 0];

export function WhenView({ form, trans }: Props): ReactElement {
  const { when, zone } = form.fields;
  const set = (patch: Partial<When>): void => form.set({ when: changedWhen(when, patch) });
  const error = form.preview.state === 'wrong' ? form.preview.error : null;
  const isZone = error?.code === UNKNOWN_ZONE;
  const isCron = cronOf(when) !== null || when.kind === 'cron';
  const whenError = error && !isZone ? error.text : '';
  return (
    <>
      <Labelled
        label={trans.__('When')}
        id="nb2pipe-when"
        error={isCron ? '' : whenError || missingText(when, trans)}
      >
        <Choice
          id="nb2pipe-when"
          value={when.kind}
          options={kinds(form, trans)}
          onChange={kind => set(kind === 'once' && !when.at ? { kind, at: tomorrow(form.fields) } : { kind })}
        />
        <Details when={when} set={set} trans={trans} />
      </Labelled>
      {isCron && (
        <Labelled
          label={trans.__('Cron text')}
          id="nb2pipe-cron"
          error={whenError}
          note={cronNote(form, trans)}
        >
          <Line
            id="nb2pipe-cron"
            value={when.cron}
            isWrong={whenError !== ''}
            isCode
            onChange={text => form.set({ when: withCron(when, text) })}
          />
        </Labelled>
      )}
      <Labelled label={trans.__('Time zone')} id="nb2pipe-zone" error={isZone ? error.text : ''}>
        <Line
          id="nb2pipe-zone"
          value={zone}
          isWrong={isZone}
          list={ZONES_ID}
          onChange={value => form.set({ zone: value.trim() })}
        />
        <datalist id={ZONES_ID}>
          {knownZones().map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </Labelled>
      <NextTimes form={form} trans={trans} />
    </>
  );
}

function kinds(form: ScheduleForm, trans: TranslationBundle): (readonly [WhenKind, string])[] {
  const unclocked = form.initial.when.kind === 'unclocked';
  return [
    ['hourly', trans.__('every hour at minute')],
    ['daily', trans.__('daily at')],
    ['weekdays', trans.__('weekdays at')],
    ['weekly', trans.__('weekly on')],
    ['monthly', trans.__('monthly on')],
    ['minutes', trans.__('every so many minutes')],
    ['once', trans.__('once at')],
    ['cron', trans.__('as a cron text says')],
    ...(unclocked ? [['unclocked', trans.__('not by the clock')] as const] : [])
  ];
}

/** The time that was chosen, a day from now. */
function tomorrow({ when, zone }: Fields): string {
  const [date] = wallText(new Date(Date.now() + DAY_MS).toISOString(), zone).split('T');
  return `${date}T${when.time || DEFAULT_WHEN.time}`;
}

function Details(props: {
  when: When;
  set: (patch: Partial<When>) => void;
  trans: TranslationBundle;
}): ReactElement | null {
  const { when, set, trans } = props;
  const time = (
    <Line
      id="nb2pipe-time"
      type="time"
      isShort
      label={trans.__('Time of day')}
      value={when.time}
      onChange={value => set({ time: value })}
    />
  );
  switch (when.kind) {
    case 'hourly':
      return <Minutes id="nb2pipe-minute" label={trans.__('Minute of the hour')} name="minute" {...props} />;
    case 'minutes':
      return <Minutes id="nb2pipe-minutes" label={trans.__('Minutes')} name="minutes" {...props} />;
    case 'daily':
    case 'weekdays':
      return time;
    case 'weekly':
    case 'monthly':
      return (
        <>
          <Day {...props} />
          {time}
        </>
      );
    case 'once':
      return (
        <Line
          id="nb2pipe-at"
          type="datetime-local"
          isShort
          label={trans.__('Date and time')}
          value={when.at}
          onChange={value => set({ at: value })}
        />
      );
    case 'cron':
    case 'unclocked':
      return null;
  }
}

function Minutes(props: {
  id: string;
  label: string;
  name: 'minute' | 'minutes';
  when: When;
  set: (patch: Partial<When>) => void;
}): ReactElement {
  const { id, label, name, when, set } = props;
  return (
    <Line
      id={id}
      isShort
      inputMode="numeric"
      label={label}
      value={when[name]}
      onChange={value => set({ [name]: value })}
    />
  );
}

function Day(props: {
  when: When;
  set: (patch: Partial<When>) => void;
  trans: TranslationBundle;
}): ReactElement {
  const { when, set, trans } = props;
  return when.kind === 'weekly' ? (
    <Choice
      id="nb2pipe-weekday"
      label={trans.__('Day of the week')}
      value={String(when.weekday)}
      options={MONDAY_FIRST.map(each => [String(each), weekdayName(each, trans)] as const)}
      onChange={value => set({ weekday: Number(value) })}
    />
  ) : (
    <Choice
      id="nb2pipe-day"
      label={trans.__('Day of the month')}
      value={String(when.day)}
      options={[
        ...Array.from(
          { length: 31 },
          (_, index) => [String(index + 1), trans.__('day %1', index + 1)] as const
        ),
        ['0', trans.__('the last day')] as const
      ]}
      onChange={value => set({ day: Number(value) })}
    />
  );
}

function missingText(when: When, trans: TranslationBundle): string {
  switch (when.kind) {
    case 'once':
      return when.at ? '' : trans.__('Choose a date and a time.');
    case 'minutes':
      return Number(when.minutes) > 0 ? '' : trans.__('Write how many minutes, such as 15.');
    case 'hourly':
      return trans.__('Write a minute from 0 to 59.');
    case 'unclocked':
      return '';
    case 'daily':
    case 'weekdays':
    case 'weekly':
    case 'monthly':
    case 'cron':
      return trans.__('Choose a time.');
  }
}

function cronNote({ preview, fields }: ScheduleForm, trans: TranslationBundle): string {
  const { cron } = fields.when;
  if (!cron.trim()) {
    return trans.__('Five fields: minute, hour, day of month, month, day of week; such as 0 7 * * mon-fri');
  }
  return preview.trigger && preview.state === 'good' ? wordsOf(preview.trigger, trans) : '';
}

function NextTimes({ form, trans }: Props): ReactElement | null {
  const { preview, fields } = form;
  if (preview.times.length === 0) {
    return null;
  }
  const isElsewhere = fields.zone !== ownZone();
  return (
    <section className="nb2pipe-Field" data-field="next" aria-live="polite">
      <h3>{trans.__('Next times')}</h3>
      <ol className={preview.state === 'good' ? 'nb2pipe-Times' : 'nb2pipe-Times nb2pipe-mod-old'}>
        {preview.times.map(time => (
          <li key={time}>
            <time dateTime={time}>{momentText(time)}</time>
            {isElsewhere && fields.zone && (
              <span className="nb2pipe-Times-there">
                {trans.__('%1 in %2', momentText(time, fields.zone), fields.zone)}
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
