/** The form of a schedule. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Parameter } from '../api/types';
import { Box, Choice, Failure, Labelled, Line } from './controls';
import type { ScheduleForm } from './form';
import { NotifyView } from './notifyView';
import { isEmptyNone } from './parameters';
import { promiseOf } from './promise';
import { WhenView } from './whenView';

export interface FormViewProps {
  form: ScheduleForm;
  trans: TranslationBundle;
  /** Whether the notebook has edits that are saved first. */
  isUnsaved: boolean;
}

export function FormView({ form, trans, isUnsaved }: FormViewProps): ReactElement {
  const { fields } = form;
  return (
    <div className="nb2pipe-Schedule-form">
      {form.error && <Failure error={form.error} />}
      {isUnsaved && (
        <p className="nb2pipe-Schedule-unsaved" role="status">
          {trans.__(
            'The notebook has unsaved changes. It is saved first, as schedules run what is in the file.'
          )}
        </p>
      )}
      <Where form={form} trans={trans} />
      <WhenView form={form} trans={trans} />
      <p className="nb2pipe-Schedule-promise">{promiseOf(fields.on, trans)}</p>
      <Parameters form={form} trans={trans} />
      <Source form={form} trans={trans} />
      <Policy form={form} trans={trans} />
      {form.cannot('notify') ? (
        <p className="nb2pipe-Schedule-promise">
          {trans.__('Nobody is told of its runs: %1.', form.cannot('notify'))}
        </p>
      ) : (
        <NotifyView form={form} trans={trans} />
      )}
      <Labelled label={trans.__('Name')} id="nb2pipe-name">
        <Line
          id="nb2pipe-name"
          value={fields.name}
          placeholder={trans.__('after the notebook')}
          onChange={name => form.set({ name })}
        />
      </Labelled>
    </div>
  );
}

type Part = Pick<FormViewProps, 'form' | 'trans'>;

function Where({ form, trans }: Part): ReactElement | null {
  return form.targets.length === 0 ? null : (
    <Labelled
      label={trans.__('Where')}
      id="nb2pipe-where"
      error={form.targetError && trans.__('Not possible there: %1.', form.targetError)}
    >
      <Choice
        id="nb2pipe-where"
        value={form.fields.on}
        options={[
          ['', trans.__('this machine')],
          ...form.targets.map(each => [each.name, `${each.name} (${each.engine})`] as const)
        ]}
        onChange={value => form.setTarget(value)}
      />
    </Labelled>
  );
}

function Parameters({ form, trans }: Part): ReactElement | null {
  const { parameters } = form.options;
  return parameters.length === 0 ? null : (
    <fieldset className="nb2pipe-Schedule-group">
      <legend>{trans.__('Parameters')}</legend>
      {parameters.map(each => (
        <Value key={each.name} parameter={each} form={form} trans={trans} />
      ))}
    </fieldset>
  );
}

function Value({ parameter, form, trans }: Part & { parameter: Parameter }): ReactElement {
  const { name, type, help } = parameter;
  const id = `nb2pipe-parameter-${name}`;
  const typed = form.typed(parameter);
  const error = form.parameterError(parameter);
  const set = (value: string | boolean): void =>
    form.set({ values: { ...form.fields.values, [name]: value } });
  const kind = isEmptyNone(parameter) ? trans.__('%1, or empty for None', type) : type;
  return (
    <Labelled label={name} id={id} error={error} note={[kind, help].filter(Boolean).join(' · ')}>
      {typeof typed === 'boolean' ? (
        <Box id={id} checked={typed} onChange={set} />
      ) : (
        <Line id={id} value={typed} isWrong={error !== ''} onChange={set} {...keyboardOf(type)} />
      )}
    </Labelled>
  );
}

function keyboardOf(type: Parameter['type']): { inputMode?: 'numeric' | 'decimal' } {
  return type === 'int' ? { inputMode: 'numeric' } : type === 'float' ? { inputMode: 'decimal' } : {};
}

function Source({ form, trans }: Part): ReactElement {
  const { source, isRetaken } = form.fields;
  const isFollowed = source === 'follow';
  const isTaken = !isFollowed && form.initial.source === 'snapshot';
  return (
    <Labelled
      label={trans.__('Notebook')}
      id="nb2pipe-source"
      note={
        isFollowed
          ? trans.__('Each run takes the file as it is then, so edits that you save count.')
          : isTaken && !isRetaken
            ? trans.__('All runs take the notebook as it was when the snapshot was taken.')
            : trans.__('All runs take the notebook as it is now, whatever becomes of the file.')
      }
    >
      <Choice
        id="nb2pipe-source"
        value={source}
        options={[
          ['follow', trans.__('follow the file')],
          ['snapshot', trans.__('a snapshot')]
        ]}
        cannot={value => form.cannot(`source=${value}`)}
        onChange={value => form.set({ source: value })}
      />
      {isTaken && (
        <Box id="nb2pipe-retaken" checked={isRetaken} onChange={value => form.set({ isRetaken: value })}>
          {trans.__('take it anew from the file')}
        </Box>
      )}
    </Labelled>
  );
}

function Policy({ form, trans }: Part): ReactElement {
  const { missed, overlap, on } = form.fields;
  return (
    <>
      <Labelled
        label={on ? trans.__('Missed while it was paused') : trans.__('Missed while no scheduler ran')}
        id="nb2pipe-missed"
      >
        <Choice
          id="nb2pipe-missed"
          value={missed}
          options={[
            ['once', trans.__('run once for all that were missed')],
            ['skip', trans.__('leave them out')],
            ['all', trans.__('run each of them')]
          ]}
          cannot={value =>
            form.cannot(`missed=${value}`) || form.cannot(`overlap=${overlap},missed=${value}`)
          }
          onChange={value => form.set({ missed: value })}
        />
      </Labelled>
      <Labelled label={trans.__('Due while a run goes on')} id="nb2pipe-overlap">
        <Choice
          id="nb2pipe-overlap"
          value={overlap}
          options={[
            ['skip', trans.__('leave it out')],
            ['queue', trans.__('run after it')],
            ['allow', trans.__('run beside it')]
          ]}
          cannot={value => form.cannot(`overlap=${value}`)}
          onChange={value => form.setPolicy({ overlap: value })}
        />
      </Labelled>
    </>
  );
}
