/** The form of a run. */

import { UseSignal } from '@jupyterlab/apputils';
import { HTMLSelect } from '@jupyterlab/ui-components';
import type { ReactElement, ReactNode } from 'react';

import type { Parameter } from '../api/types';
import { Refused } from '../ui/refused';
import { EXECUTORS, type RunForm, type Source } from './formModel';

interface FormProps {
  form: RunForm;
  /** The notebook's name. */
  name: string;
}

export function RunFormView({ form, name }: FormProps): ReactElement {
  return <UseSignal signal={form.changed}>{() => <Body form={form} name={name} />}</UseSignal>;
}

function Body({ form, name }: FormProps): ReactElement {
  const { parameters, trans } = form.options;
  return (
    <div className="nb2pipe-Form" aria-busy={form.isBusy}>
      <Refused problem={form.problem} findings={form.options.findings} trans={trans} />
      <ChangedElsewhere form={form} />
      <SourceChoice form={form} name={name} />
      {parameters.length > 0 ? (
        <fieldset>
          <legend>{trans.__('Parameters')}</legend>
          {parameters.map(each => (
            <ParameterRow key={each.name} form={form} parameter={each} />
          ))}
        </fieldset>
      ) : (
        <p className="nb2pipe-Form-help">
          {trans.__('No parameters. Assignments in a cell tagged “parameters” would be asked for here.')}
        </p>
      )}
      <Options form={form} />
    </div>
  );
}

function ChangedElsewhere({ form }: { form: RunForm }): ReactElement | null {
  const { isChangedElsewhere, trans } = form.options;
  return isChangedElsewhere ? (
    <p className="nb2pipe-Notice" role="status">
      {trans.__(
        'The file was changed elsewhere since it was opened here. “Reload Notebook from Disk” in the File menu shows it.'
      )}
    </p>
  ) : null;
}

function SourceChoice({ form, name }: FormProps): ReactElement {
  const { isDirty, isWritable, trans } = form.options;
  if (!isDirty) {
    return <p className="nb2pipe-Form-help">{trans.__('%1 runs as it is saved.', name)}</p>;
  }
  const choice = (source: Source, label: string): ReactElement => (
    <label className="nb2pipe-Form-choice">
      <input
        type="radio"
        name="nb2pipe-source"
        checked={form.values.source === source}
        disabled={source === 'file' && !isWritable}
        onChange={() => form.set({ source })}
      />
      {label}
    </label>
  );
  return (
    <fieldset>
      <legend>{trans.__('%1 has changes that are not saved', name)}</legend>
      {choice('file', trans.__('Save it, then run the file'))}
      {choice('editor', trans.__('Run what is in the editor, and save nothing'))}
      {!isWritable && <p className="nb2pipe-Form-help">{trans.__('The file cannot be written.')}</p>}
    </fieldset>
  );
}

function Row(props: {
  id: string;
  label: ReactNode;
  help?: string;
  problem: string;
  children: ReactNode;
}): ReactElement {
  return (
    <div className="nb2pipe-Form-row" data-row={props.id}>
      <label htmlFor={props.id}>{props.label}</label>
      <div>
        {props.children}
        {props.help && <div className="nb2pipe-Form-help">{props.help}</div>}
        <div className="nb2pipe-Form-problem" id={`${props.id}-problem`} aria-live="polite">
          {props.problem}
        </div>
      </div>
    </div>
  );
}

const TYPE_WORDS: Record<Parameter['type'], string> = {
  int: 'int',
  float: 'float',
  str: 'str',
  bool: 'bool',
  list: 'list, JSON',
  dict: 'dict, JSON',
  none: 'JSON',
  any: 'JSON'
};

function ParameterRow({ form, parameter }: { form: RunForm; parameter: Parameter }): ReactElement {
  const { trans } = form.options;
  const { name, type } = parameter;
  const id = `nb2pipe-parameter-${name}`;
  const field = form.field(name);
  const isNullable = parameter.nullable || (parameter.default === null && type !== 'any' && type !== 'none');
  const label = (
    <>
      {name} <span className="nb2pipe-Form-type">{TYPE_WORDS[type]}</span>
    </>
  );
  return (
    <Row id={id} label={label} help={parameter.help} problem={form.problemOf(parameter)}>
      <div className="nb2pipe-Form-control">
        <Control id={id} form={form} parameter={parameter} />
        {isNullable && (
          <label className="nb2pipe-Form-choice">
            <input
              type="checkbox"
              checked={field.isNone}
              onChange={event => form.setField(name, { isNone: event.target.checked })}
            />
            {trans.__('None')}
          </label>
        )}
      </div>
    </Row>
  );
}

function Control({ id, form, parameter }: { id: string; form: RunForm; parameter: Parameter }): ReactElement {
  const { name, type } = parameter;
  const { text, isNone } = form.field(name);
  const common = {
    id,
    disabled: isNone,
    'aria-invalid': form.problemOf(parameter) !== '',
    'aria-describedby': `${id}-problem`
  };
  if (type === 'bool') {
    return (
      <input
        {...common}
        type="checkbox"
        checked={text === 'true'}
        onChange={event => form.setField(name, { text: String(event.target.checked) })}
      />
    );
  }
  if (type === 'list' || type === 'dict' || text.includes('\n')) {
    const rows = Math.min(6, Math.max(1, Math.ceil(text.length / 48)));
    return (
      <textarea
        {...common}
        className="jp-mod-styled nb2pipe-Form-json"
        rows={rows}
        spellCheck={false}
        value={isNone ? '' : text}
        onChange={event => form.setField(name, { text: event.target.value })}
      />
    );
  }
  return (
    <input
      {...common}
      className="jp-mod-styled"
      type="text"
      inputMode={type === 'int' ? 'numeric' : type === 'float' ? 'decimal' : 'text'}
      spellCheck={false}
      autoComplete="off"
      value={isNone ? '' : text}
      onChange={event => form.setField(name, { text: event.target.value })}
    />
  );
}

function Options({ form }: { form: RunForm }): ReactElement {
  const { trans } = form.options;
  const { isCached, target } = form.values;
  const { targets } = form.options;
  return (
    <fieldset>
      <legend>{trans.__('How it runs')}</legend>
      {targets.length > 0 && (
        <Row
          id="nb2pipe-target"
          label={trans.__('Where')}
          problem=""
          help={target && trans.__('Each step is a pod of its own there, in the image that it names.')}
        >
          <HTMLSelect
            id="nb2pipe-target"
            value={target}
            onChange={event => form.set({ target: event.target.value })}
          >
            <option value="">{trans.__('This machine')}</option>
            {targets.map(each => (
              <option key={each.name} value={each.name}>
                {each.name} ({each.engine})
              </option>
            ))}
          </HTMLSelect>
        </Row>
      )}
      {target === '' && <Here form={form} />}
      <Row
        id="nb2pipe-cache"
        label={trans.__('Use the cache')}
        problem=""
        help={trans.__('Steps whose code and inputs are the same as before are not run again.')}
      >
        <input
          id="nb2pipe-cache"
          type="checkbox"
          checked={isCached}
          onChange={event => form.set({ isCached: event.target.checked })}
        />
      </Row>
    </fieldset>
  );
}

/** What counts on this machine alone. */
function Here({ form }: { form: RunForm }): ReactElement {
  const { trans } = form.options;
  const { executor, jobs } = form.values;
  const words: Record<string, string> = {
    '': trans.__('As the settings and images say'),
    process: trans.__('Processes on this machine'),
    container: trans.__('Containers')
  };
  return (
    <>
      <Row id="nb2pipe-executor" label={trans.__('Steps run in')} problem="">
        <HTMLSelect
          id="nb2pipe-executor"
          value={executor}
          onChange={event => form.set({ executor: event.target.value })}
        >
          {['', ...EXECUTORS].map(each => (
            <option key={each} value={each}>
              {words[each]}
            </option>
          ))}
        </HTMLSelect>
      </Row>
      <Row id="nb2pipe-jobs" label={trans.__('Steps at a time')} problem={form.jobsProblem}>
        <input
          id="nb2pipe-jobs"
          className="jp-mod-styled"
          type="text"
          inputMode="numeric"
          placeholder={trans.__('As the settings say')}
          aria-invalid={form.jobsProblem !== ''}
          aria-describedby="nb2pipe-jobs-problem"
          value={jobs}
          onChange={event => form.set({ jobs: event.target.value.trim() })}
        />
      </Row>
    </>
  );
}
