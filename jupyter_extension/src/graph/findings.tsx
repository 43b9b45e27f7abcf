/** All findings of the notebook; those of a cell lead to it. */

import { errorIcon, infoIcon, LabIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Diagnostic } from '../api/types';
import { warningIcon } from '../ui/icons';
import { useGraph } from './context';
import type { Place } from './graphModel';

const ICONS: Record<Diagnostic['severity'], LabIcon> = {
  error: errorIcon,
  warning: warningIcon,
  info: infoIcon
};

export function Findings(): ReactElement | null {
  const { model, trans } = useGraph();
  return model.findings.length === 0 ? null : (
    <section className="nb2pipe-Findings-section" aria-label={trans.__('Findings')}>
      <h3 className="nb2pipe-Panel-section">
        {trans._n('%1 finding', '%1 findings', model.findings.length)}
      </h3>
      <ul className="nb2pipe-Findings">
        {model.findings.map((each, index) => (
          <Finding key={index} found={each} />
        ))}
      </ul>
    </section>
  );
}

function Finding({ found }: { found: Diagnostic }): ReactElement {
  const { model, trans, go } = useGraph();
  const { code, hint, location, message, severity } = found;
  const place = model.placeOf(found);
  const Icon = ICONS[severity].react;
  const words = { error: trans.__('Error'), warning: trans.__('Warning'), info: trans.__('Note') };
  return (
    <li data-severity={severity} data-code={code}>
      <Icon
        tag="span"
        className="nb2pipe-Findings-icon"
        width="16px"
        height="16px"
        title={words[severity]}
        aria-label={words[severity]}
      />
      <div>
        {message}
        {hint && <span className="nb2pipe-Findings-hint">{hint}</span>}
        <span className="nb2pipe-Findings-where">
          {place && (
            <button type="button" className="nb2pipe-Link" onClick={() => go(place)}>
              {placeText(place, trans)}
            </button>
          )}
          {place ? ` · ${code}` : [location, code].filter(Boolean).join(' · ')}
        </span>
      </div>
    </li>
  );
}

/** Shorter than the service's, which also names the cell's id. */
function placeText({ index, line }: Place, trans: TranslationBundle): string {
  return line === null ? trans.__('cell %1', index + 1) : trans.__('cell %1, line %2', index + 1, line);
}
