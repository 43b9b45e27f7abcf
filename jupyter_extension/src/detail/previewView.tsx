/** The head of a saved value. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { ArtifactPreview, Summary } from './previews';

interface PreviewProps {
  preview: ArtifactPreview;
  trans: TranslationBundle;
}

export function PreviewView({ preview, trans }: PreviewProps): ReactElement {
  return (
    <>
      {preview.summary ? (
        <Head summary={preview.summary} trans={trans} />
      ) : (
        <p className="nb2pipe-Log-empty">
          {trans.__(
            'There is no preview of values of this type: frames, arrays, texts and plain data have one.'
          )}
        </p>
      )}
      {!preview.is_there && (
        <p className="nb2pipe-Notice">{trans.__('The value itself is not kept any more.')}</p>
      )}
    </>
  );
}

function Head({ summary, trans }: { summary: Summary; trans: TranslationBundle }): ReactElement {
  if (summary.kind === 'table') {
    return <Table summary={summary} trans={trans} />;
  }
  return (
    <>
      <pre className="nb2pipe-Preview-text" tabIndex={0}>
        {summary.text}
      </pre>
      {summary.is_cut && <p className="nb2pipe-Log-empty">{trans.__('Only the beginning is shown.')}</p>}
    </>
  );
}

function Table({ summary, trans }: { summary: Summary; trans: TranslationBundle }): ReactElement {
  const { columns, dtypes, index, rows, rows_total, columns_total } = summary;
  const size = trans.__(
    '%1 of %2 rows, %3 of %4 columns',
    rows.length,
    rows_total,
    columns.length,
    columns_total
  );
  return (
    <>
      <div className="nb2pipe-Preview-scroll" tabIndex={0} role="region" aria-label={trans.__('First rows')}>
        <table className="nb2pipe-Preview-table">
          <thead>
            <tr>
              <td />
              {columns.map((name, at) => (
                <th key={at} scope="col">
                  {name}
                  <small>{dtypes[at]}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at}>
                <th scope="row">{index[at]}</th>
                {row.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="nb2pipe-Log-empty">{size}</p>
    </>
  );
}
