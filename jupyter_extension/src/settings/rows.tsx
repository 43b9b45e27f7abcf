/** Texts by name, one a row, with an empty row for the next. */

import { closeIcon, HTMLSelect } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { Field, Rows } from './fields';
import type { SettingsForm } from './form';

interface PairRowsProps {
  form: SettingsForm;
  field: Field;
  rows: Rows;
}

export function PairRows({ form, field, rows }: PairRowsProps): ReactElement {
  const { trans } = form.options;
  const last = rows.at(-1);
  const shown: Rows = last && last[0] === '' && last[1] === '' ? rows : [...rows, ['', '']];
  const put = (at: number, name: string, text: string): void =>
    form.type(
      field,
      shown.map((row, index) => (index === at ? ([name, text] as const) : row))
    );
  const remove = (at: number): void => {
    form.type(
      field,
      shown.filter((_, index) => index !== at)
    );
    form.commit(field);
  };
  return (
    <div className="nb2pipe-Settings-pairs">
      {shown.map(([name, text], at) => (
        <div key={at} className="nb2pipe-Settings-pair" data-kind={field.kind}>
          <input
            type="text"
            className="jp-mod-styled"
            aria-label={trans.__('%1: name %2', field.title, at + 1)}
            placeholder={trans.__('name')}
            autoComplete="off"
            spellCheck={false}
            value={name}
            onChange={event => put(at, event.target.value, text)}
          />
          {field.kind === 'references' ? (
            <Reference {...{ form, field, at, text }} put={value => put(at, name, value)} />
          ) : (
            <input
              type="text"
              className="jp-mod-styled"
              aria-label={trans.__('%1: value %2', field.title, at + 1)}
              placeholder={trans.__('value')}
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={event => put(at, name, event.target.value)}
            />
          )}
          <button
            type="button"
            className="nb2pipe-IconButton"
            title={trans.__('Remove')}
            aria-label={trans.__('%1: remove %2', field.title, name || String(at + 1))}
            disabled={name === '' && text === ''}
            onClick={() => remove(at)}
          >
            <closeIcon.react tag="span" width="14px" height="14px" />
          </button>
        </div>
      ))}
    </div>
  );
}

interface ReferenceProps {
  form: SettingsForm;
  field: Field;
  at: number;
  text: string;
  put: (text: string) => void;
}

/** A place that holds a secret: which kind of place, and where in it. The secret itself has no field. */
function Reference({ form, field, at, text, put }: ReferenceProps): ReactElement {
  const { trans } = form.options;
  const found = field.places.find(each => text.startsWith(`${each}:`));
  const place = found ?? field.places[0] ?? '';
  const where = found === undefined ? '' : text.slice(found.length + 1);
  return (
    <>
      <HTMLSelect
        aria-label={trans.__('%1: kind of place %2', field.title, at + 1)}
        value={place}
        onChange={event => put(`${event.target.value}:${where}`)}
      >
        {field.places.map(each => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </HTMLSelect>
      <input
        type="text"
        className="jp-mod-styled"
        aria-label={trans.__('%1: where %2', field.title, at + 1)}
        placeholder={place === 'file' ? trans.__('path') : trans.__('its name there')}
        autoComplete="off"
        spellCheck={false}
        value={where}
        onChange={event =>
          put(event.target.value === '' && found === undefined ? '' : `${place}:${event.target.value}`)
        }
      />
    </>
  );
}
