/** The tab with images. */

import { ReactWidget } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { saved } from '../notebook/saving';
import { refusalOf } from '../ui/sendDialog';
import type { ImagesModel } from './model';
import { ImagesView } from './view';

export interface ImagesOptions {
  /** Belongs to the tab, and is disposed with it. */
  model: ImagesModel;
  tracker: INotebookTracker;
  trans: TranslationBundle;
}

export class ImagesWidget extends ReactWidget {
  constructor(private readonly _options: ImagesOptions) {
    super();
    this.addClass('nb2pipe-Panel');
    this.addClass('nb2pipe-Images');
    _options.model.changed.connect(this.update, this);
    _options.tracker.currentChanged.connect(this.update, this);
    void _options.model.refresh();
  }

  override dispose(): void {
    const { model, tracker } = this._options;
    model.changed.disconnect(this.update, this);
    tracker.currentChanged.disconnect(this.update, this);
    model.dispose();
    super.dispose();
  }

  protected override render(): ReactElement {
    const { model, tracker, trans } = this._options;
    return (
      <ImagesView
        model={model}
        trans={trans}
        current={tracker.currentWidget?.context.localPath ?? null}
        build={path => void this._saved(() => model.start(path))}
        check={path => void this._saved(() => model.check(path))}
      />
    );
  }

  /** What is in the file counts: changes are saved first. */
  private async _saved(work: () => Promise<void>): Promise<void> {
    const { model, tracker, trans } = this._options;
    try {
      if (tracker.currentWidget) {
        await saved(tracker.currentWidget, trans);
      }
    } catch (error) {
      model.refuse(refusalOf(error));
      return;
    }
    await work();
  }
}
