/** Small parts of forms. */

import type { ReactElement, ReactNode } from 'react';

import type { ApiError } from '../api/errors';

/** A control with its label, and what is wrong with it or worth knowing. */
export function Labelled(props: {
  label: string;
  id: string;
  children: ReactNode;
  error?: string;
  note?: string;
}): ReactElement {
  const { label, id, children, error, note } = props;
  return (
    <div className="nb2pipe-Field" data-field={id}>
      <label htmlFor={id}>{label}</label>
      <div className="nb2pipe-Field-control">
        {children}
        {error ? (
          <span className="nb2pipe-Field-error" id={`${id}-note`} role="alert">
            {error}
          </span>
        ) : (
          note && (
            <span className="nb2pipe-Field-note" id={`${id}-note`}>
              {note}
            </span>
          )
        )}
      </div>
    </div>
  );
}

/** One of a few values. */
export function Choice<T extends string>(props: {
  id: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
  label?: string;
  /** Why a value cannot be chosen; empty where it can. */
  cannot?: (value: T) => string;
}): ReactElement {
  const { id, value, options, onChange, label, cannot = () => '' } = props;
  return (
    <select
      id={id}
      className="nb2pipe-Input"
      value={value}
      aria-label={label}
      aria-describedby={`${id}-note`}
      onChange={event => {
        const found = options.find(([each]) => each === event.target.value);
        if (found) {
          onChange(found[0]);
        }
      }}
    >
      {options.map(([each, text]) => (
        <option key={each} value={each} disabled={cannot(each) !== ''} title={cannot(each)}>
          {cannot(each) ? `${text} (${cannot(each)})` : text}
        </option>
      ))}
    </select>
  );
}

/** A line of text, a number as it is typed, or a time. */
export function Line(props: {
  id: string;
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'time' | 'datetime-local';
  label?: string;
  isWrong?: boolean;
  isShort?: boolean;
  isCode?: boolean;
  list?: string;
  placeholder?: string;
  inputMode?: 'numeric' | 'decimal';
}): ReactElement {
  const { id, value, onChange, type = 'text', label, isWrong, isShort, isCode, ...others } = props;
  const classes = [
    'jp-mod-styled',
    'nb2pipe-Input',
    isShort && 'nb2pipe-mod-short',
    isCode && 'nb2pipe-mod-code'
  ];
  return (
    <input
      id={id}
      className={classes.filter(Boolean).join(' ')}
      type={type}
      value={value}
      aria-label={label}
      aria-invalid={isWrong ?? false}
      aria-describedby={`${id}-note`}
      autoComplete="off"
      spellCheck={false}
      onChange={event => onChange(event.target.value)}
      {...others}
    />
  );
}

/** A box to tick, with its label behind it. */
export function Box(props: {
  id: string;
  checked: boolean;
  children?: ReactNode;
  onChange: (value: boolean) => void;
}): ReactElement {
  const { id, checked, children, onChange } = props;
  return (
    <label className="nb2pipe-Box" htmlFor={id}>
      <input
        id={id}
        className="jp-mod-styled"
        type="checkbox"
        checked={checked}
        onChange={event => onChange(event.target.checked)}
      />
      {children}
    </label>
  );
}

/** Why something did not work, and what to do. */
export function Failure({ error }: { error: ApiError }): ReactElement {
  return (
    <div className="nb2pipe-Failure" role="alert">
      <strong>{error.message}</strong>
      {error.hint && <span>{error.hint}</span>}
      {error.diagnostics.map((each, index) => (
        <span key={index}>{[each.location, each.message, each.hint].filter(Boolean).join(' · ')}</span>
      ))}
    </div>
  );
}
