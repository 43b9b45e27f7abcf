/** The form with a table of parameters. */

import { UseSignal } from '@jupyterlab/apputils';
import { closeIcon, copyIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Parameter } from '../api/types';
import { Refused } from '../ui/refused';
import { type BatchForm, MOST_ROWS, type Row } from './form';

interface FormProps {
  form: BatchForm;
}

export function BatchFormView({ form }: FormProps): ReactElement {
  return <UseSignal signal={form.changed}>{() => <Body form={form} />}</UseSignal>;
}

function Body({ form }: FormProps): ReactElement {
  const { parameters, findings, isDirty, trans } = form.options;
  return (
    <div className="nb2pipe-Form" aria-busy={form.isBusy}>
      <Refused problem={form.problem} findings={findings} trans={trans} />
      {parameters.length === 0 ? (
        <p className="nb2pipe-Form-help">
          {trans.__(
            'This notebook has no parameters. Tag a cell of assignments “parameters” (T, then P): each becomes a column here.'
          )}
        </p>
      ) : (
        <p className="nb2pipe-Form-help">
          {trans.__(
            'Each row is a run. A cell that is left empty has the notebook’s value. Cells copied from a spreadsheet can be pasted.'
          )}
          {isDirty && ` ${trans.__('The notebook is saved first.')}`}
        </p>
      )}
      {parameters.length > 0 && <Rows form={form} />}
      <Options form={form} />
    </div>
  );
}

function Rows({ form }: FormProps): ReactElement {
  const { parameters, trans } = form.options;
  return (
    <div className="nb2pipe-Batch-scroll">
      <table className="nb2pipe-Batch-form" aria-label={trans.__('Sets of parameters')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Run')}</th>
            {parameters.map(({ name, type, help }) => (
              <th key={name} scope="col" title={help}>
                {name} <span className="nb2pipe-Form-type">{type}</span>
              </th>
            ))}
            <th scope="col">
              <span className="nb2pipe-Hidden">{trans.__('Copy or remove')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {form.rows.map((row, index) => (
            <tr key={index}>
              <th scope="row">{index + 1}</th>
              {parameters.map(each => (
                <Cell key={each.name} form={form} row={row} index={index} parameter={each} />
              ))}
              <td className="nb2pipe-Batch-buttons">
                <button
                  className="nb2pipe-IconButton"
                  title={trans.__('Copy row %1', index + 1)}
                  aria-label={trans.__('Copy row %1', index + 1)}
                  onClick={() => form.add(index)}
                >
                  <copyIcon.react tag="span" width="14px" height="14px" />
                </button>
                <button
                  className="nb2pipe-IconButton"
                  title={trans.__('Remove row %1', index + 1)}
                  aria-label={trans.__('Remove row %1', index + 1)}
                  disabled={form.rows.length === 1}
                  onClick={() => form.remove(index)}
                >
                  <closeIcon.react tag="span" width="14px" height="14px" />
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <button
        className="jp-mod-styled jp-mod-minimal nb2pipe-Action"
        disabled={form.rows.length >= MOST_ROWS}
        onClick={() => form.add()}
      >
        {trans.__('Add a row')}
      </button>
    </div>
  );
}

interface CellProps extends FormProps {
  row: Row;
  index: number;
  parameter: Parameter;
}

function Cell({ form, row, index, parameter }: CellProps): ReactElement {
  const { trans } = form.options;
  const { name } = parameter;
  const problem = form.problemOf(row, parameter);
  const label = trans.__('%1 of run %2', name, index + 1);
  const text = row[name] ?? '';
  if (parameter.type === 'bool') {
    return (
      <td>
        <select
          className="jp-mod-styled"
          aria-label={label}
          value={text}
          onChange={event => form.set(index, name, event.target.value)}
        >
          <option value="">{defaultText(parameter, trans)}</option>
          <option value="true">True</option>
          <option value="false">False</option>
        </select>
      </td>
    );
  }
  return (
    <td>
      <input
        className="jp-mod-styled"
        type="text"
        spellCheck={false}
        autoComplete="off"
        aria-label={label}
        aria-invalid={problem !== ''}
        title={problem}
        placeholder={defaultText(parameter, trans)}
        value={text}
        onChange={event => form.set(index, name, event.target.value)}
        onPaste={event => {
          if (form.paste(index, name, event.clipboardData.getData('text/plain'))) {
            event.preventDefault();
          }
        }}
      />
      {problem && (
        <div className="nb2pipe-Form-problem" role="alert">
          {problem}
        </div>
      )}
    </td>
  );
}

function defaultText({ type, default: value }: Parameter, trans: TranslationBundle): string {
  if (value === null || value === undefined) {
    return 'None';
  }
  if (type === 'bool') {
    return value === true ? trans.__('(True)') : trans.__('(False)');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Options({ form }: FormProps): ReactElement {
  const { trans } = form.options;
  return (
    <fieldset>
      <legend>{trans.__('How they run')}</legend>
      <div className="nb2pipe-Form-row">
        <label htmlFor="nb2pipe-batch-at-a-time">{trans.__('Runs at a time')}</label>
        <div>
          <input
            id="nb2pipe-batch-at-a-time"
            className="jp-mod-styled"
            type="text"
            inputMode="numeric"
            placeholder={trans.__('As the settings say')}
            aria-invalid={form.atATimeProblem !== ''}
            value={form.atATime}
            onChange={event => form.choose({ atATime: event.target.value.trim() })}
          />
          <div className="nb2pipe-Form-problem" aria-live="polite">
            {form.atATimeProblem}
          </div>
        </div>
      </div>
      <label className="nb2pipe-Form-choice">
        <input
          type="checkbox"
          checked={form.isFailFast}
          onChange={event => form.choose({ isFailFast: event.target.checked })}
        />
        {trans.__('Start no further run once one has failed')}
      </label>
    </fieldset>
  );
}
