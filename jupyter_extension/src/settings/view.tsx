/** The form of a step's settings. */

import { UseSignal } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import { type FocusEvent, type KeyboardEvent, type ReactElement } from 'react';

import type { Diagnostic } from '../api/types';
import { findingText } from '../ui/words';
import type { Field } from './fields';
import type { SettingsForm } from './form';
import { PairRows } from './rows';
import type { StepTarget } from './target';

interface SettingsProps {
  form: SettingsForm;
  target: StepTarget;
  isReadOnly: boolean;
  /** What the service says of these settings. */
  findings: readonly Diagnostic[];
}

export function SettingsView(props: SettingsProps): ReactElement {
  return <UseSignal signal={props.form.changed}>{() => <Body {...props} />}</UseSignal>;
}

function Body({ form, target, isReadOnly, findings }: SettingsProps): ReactElement {
  const { trans, fields } = form.options;
  const { others, step, index } = target;
  return (
    <div className="nb2pipe-Settings">
      <p className="nb2pipe-Settings-step">
        {trans.__('Step')} <strong>{step}</strong>
        <span>{trans.__('kept in cell %1', index + 1)}</span>
      </p>
      {isReadOnly && <p className="nb2pipe-Notice">{trans.__('This notebook is read-only.')}</p>}
      {others.length > 0 && (
        <p className="nb2pipe-Notice">
          {trans.__('More settings of it stand in cell %1.', others.map(each => each + 1).join(', '))}
        </p>
      )}
      {!form.isReadable && (
        <p className="nb2pipe-Alert" role="alert">
          {trans.__('The metadata “nb2pipe” of the cell is no object. Mend it under Advanced Tools first.')}
        </p>
      )}
      {form.unknown.length > 0 && (
        <p className="nb2pipe-Notice">{trans.__('Not known, and kept: %1', form.unknown.join(', '))}</p>
      )}
      {findings.map((each, at) => (
        <p key={at} className="nb2pipe-Alert" role="alert">
          {findingText(each)}
        </p>
      ))}
      <fieldset disabled={isReadOnly || !form.isReadable}>
        {fields.map(field => (
          <Row key={`${target.cellId} ${field.name}`} form={form} field={field} />
        ))}
      </fieldset>
    </div>
  );
}

function Row({ form, field }: { form: SettingsForm; field: Field }): ReactElement {
  const id = `nb2pipe-setting-${field.name}`;
  const problem = form.problem(field);
  const onBlur = (event: FocusEvent): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) {
      form.commit(field);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !(event.target instanceof HTMLTextAreaElement)) {
      form.commit(field);
    }
  };
  const isGroup = field.kind === 'pairs' || field.kind === 'references';
  return (
    <div
      className="nb2pipe-Settings-row"
      data-setting={field.name}
      data-set={form.isSet(field)}
      role={isGroup ? 'group' : undefined}
      aria-labelledby={isGroup ? `${id}-title` : undefined}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
    >
      {isGroup ? (
        <span id={`${id}-title`}>{field.title}</span>
      ) : (
        <label id={`${id}-title`} htmlFor={id}>
          {field.title}
        </label>
      )}
      <Control form={form} field={field} id={id} isWrong={problem !== ''} />
      {problem === '' && <div className="nb2pipe-Form-help">{field.description}</div>}
      <div className="nb2pipe-Form-problem" id={`${id}-problem`} aria-live="polite">
        {problem && `${problem} ${form.options.trans.__('It is not written.')}`}
      </div>
    </div>
  );
}

interface ControlProps {
  form: SettingsForm;
  field: Field;
  id: string;
  isWrong: boolean;
}

function Control({ form, field, id, isWrong }: ControlProps): ReactElement {
  const draft = form.draft(field);
  const shared = { id, 'aria-invalid': isWrong, 'aria-describedby': `${id}-problem` };
  if (typeof draft !== 'string') {
    return <PairRows form={form} field={field} rows={draft} />;
  }
  if (field.kind === 'switch') {
    return <Switch {...{ form, field, id }} value={draft} trans={form.options.trans} />;
  }
  const common = { ...shared, className: 'jp-mod-styled', value: draft };
  return field.kind === 'list' ? (
    <textarea
      {...common}
      rows={Math.max(2, draft.split('\n').length)}
      placeholder={form.options.trans.__('one a line')}
      onChange={event => form.type(field, event.target.value)}
    />
  ) : (
    <input
      {...common}
      type="text"
      autoComplete="off"
      spellCheck={false}
      onChange={event => form.type(field, event.target.value)}
    />
  );
}

interface SwitchProps {
  form: SettingsForm;
  field: Field;
  id: string;
  value: string;
  trans: TranslationBundle;
}

function Switch({ form, field, id, value, trans }: SwitchProps): ReactElement {
  const isOther = !['', 'true', 'false'].includes(value);
  return (
    <HTMLSelect
      id={id}
      value={value}
      onChange={event => {
        form.type(field, event.target.value);
        form.commit(field);
      }}
    >
      <option value="">{trans.__('as the settings say')}</option>
      <option value="true">{trans.__('true')}</option>
      <option value="false">{trans.__('false')}</option>
      {isOther && <option value={value}>{value}</option>}
    </HTMLSelect>
  );
}
