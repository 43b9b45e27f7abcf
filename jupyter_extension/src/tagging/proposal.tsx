/** Steps proposed from a notebook's headings, looked at before they are taken. */

import { Dialog, Notification, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Client } from '../api/client';
import { ApiError } from '../api/errors';
import { textOf } from '../notebook/content';
import { type CellTags, cellsOf } from './cells';
import type { Tagger } from './tagger';

/** One cell's tags as proposed. */
export interface Proposed {
  cell: CellTags;
  index: number;
  firstLine: string;
  added: readonly string[];
}

export interface ProposalOptions {
  panel: NotebookPanel;
  client: Pick<Client, 'post'>;
  tagger: Tagger;
  trans: TranslationBundle;
}

/** Ask the service, show what it proposes, and write it if the user agrees. */
export async function proposeSteps({ panel, client, tagger, trans }: ProposalOptions): Promise<void> {
  const model = panel.content.model;
  if (!model || !tagger.mayWrite(panel)) {
    return;
  }
  let found: Proposed[];
  try {
    found = await askProposal(model, panel.context.localPath, client);
  } catch (error) {
    const text = error instanceof ApiError ? error.text : String(error);
    await showErrorMessage(trans.__('No steps can be proposed'), text);
    return;
  }
  if (found.length === 0) {
    Notification.info(trans.__('Every part under a heading is tagged already.'), { autoClose: 6000 });
    return;
  }
  const { button } = await showDialog({
    title: trans.__('Steps from headings'),
    body: <Preview proposed={found} trans={trans} />,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans._n('Tag %1 Cell', 'Tag %1 Cells', found.length) })
    ]
  });
  if (button.accept && !panel.isDisposed) {
    tagger.write(
      panel,
      found.map(each => each.cell)
    );
  }
}

/**
 * What the service proposes for the notebook as it is, saved or not.
 * @throws ApiError
 */
export async function askProposal(
  model: INotebookModel,
  path: string,
  client: Pick<Client, 'post'>
): Promise<Proposed[]> {
  const cells = cellsOf(model); // as they are when they are sent
  const lines = Array.from(model.cells, cell => cell.sharedModel.getSource().trim().split('\n', 1)[0] ?? '');
  const { tags: proposed } = await client.post('/notebooks/tags', { body: { path, text: textOf(model) } });
  return proposed.flatMap(({ cell_index: index, tags }) => {
    const cell = cells[index];
    const added = tags.filter(tag => !cell?.tags.includes(tag));
    return cell ? [{ cell: { ...cell, tags }, index, firstLine: lines[index] ?? '', added }] : [];
  });
}

function Preview({
  proposed,
  trans
}: {
  proposed: readonly Proposed[];
  trans: TranslationBundle;
}): ReactElement {
  return (
    <div className="nb2pipe-Proposal">
      <p>{trans.__('These cells get a tag each. Cells after them go on with their step.')}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{trans.__('Cell')}</th>
            <th scope="col">{trans.__('Begins with')}</th>
            <th scope="col">{trans.__('Tag')}</th>
          </tr>
        </thead>
        <tbody>
          {proposed.map(({ cell, index, firstLine, added }) => (
            <tr key={cell.id}>
              <td>{index + 1}</td>
              <td>
                <code>{firstLine}</code>
              </td>
              <td>
                <strong>{added.join(', ')}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
