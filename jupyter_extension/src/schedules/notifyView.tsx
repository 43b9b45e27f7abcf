/** The part of the form that says who is told. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { Box, Choice, Labelled } from './controls';
import type { ScheduleForm } from './form';
import { EVENTS, type NoticeEvent, withEvent } from './notify';

interface Props {
  form: ScheduleForm;
  trans: TranslationBundle;
}

export function NotifyView({ form, trans }: Props): ReactElement {
  const { notify } = form.fields;
  const names = [...new Set([...form.channels, ...Object.keys(notify.chosen)])];
  const note =
    names.length === 0
      ? trans.__(
          'There is no channel yet: add [notices.NAME] to nb2pipe’s config.toml to be told by mail or chat.'
        )
      : '';
  return (
    <>
      <Labelled
        label={trans.__('Who is told')}
        id="nb2pipe-notify"
        error={form.channelsError?.text ?? ''}
        note={note}
      >
        <Choice
          id="nb2pipe-notify"
          value={notify.who}
          options={[
            ['default', trans.__('whom the settings name')],
            ['none', trans.__('nobody')],
            ...(names.length > 0 ? [['chosen', trans.__('these channels')] as const] : [])
          ]}
          onChange={who => form.set({ notify: { ...notify, who } })}
        />
      </Labelled>
      {notify.who === 'chosen' &&
        names.map(name => <Channel key={name} name={name} form={form} trans={trans} />)}
    </>
  );
}

function Channel({ name, form, trans }: Props & { name: string }): ReactElement {
  const { notify } = form.fields;
  const told = notify.chosen[name] ?? [];
  return (
    <fieldset className="nb2pipe-Field nb2pipe-Channel">
      <legend>{name}</legend>
      <div className="nb2pipe-Channel-events">
        {EVENTS.map(event => (
          <Box
            key={event}
            id={`nb2pipe-notify-${name}-${event}`}
            checked={told.includes(event)}
            onChange={isTold => form.set({ notify: withEvent(notify, name, event, isTold) })}
          >
            {eventText(event, trans)}
          </Box>
        ))}
      </div>
    </fieldset>
  );
}

function eventText(event: NoticeEvent, trans: TranslationBundle): string {
  switch (event) {
    case 'failure':
      return trans.__('a run fails');
    case 'recovery':
      return trans.__('it works again');
    case 'late':
      return trans.__('a run is late');
    case 'approval':
      return trans.__('a step waits for a person');
  }
}
