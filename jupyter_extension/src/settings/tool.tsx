/** The settings of the active cell's step, in the property inspector. */

import { ReactWidget } from '@jupyterlab/apputils';
import { NotebookTools, type NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { PanelLayout } from '@lumino/widgets';
import type { ReactElement } from 'react';

import { ApiError } from '../api/errors';
import type { INb2pipe, IPipelineModels } from '../tokens';
import { applyCells, cellsOf } from '../tagging/cells';
import { SettingsForm } from './form';
import { loadSchema, type Schema } from './schema';
import { type StepTarget, targetOf } from './target';
import { SettingsView } from './view';

export interface SettingsToolOptions {
  service: INb2pipe;
  models: IPipelineModels;
  trans: TranslationBundle;
}
/** Codes of findings about settings begin so. */
const OF_SETTINGS = 'N2P12';

export class SettingsTool extends NotebookTools.Tool {
  constructor(private readonly _options: SettingsToolOptions) {
    super();
    this.addClass('nb2pipe-SettingsTool');
    const layout = (this.layout = new PanelLayout());
    this._view = new View(() => this._render());
    layout.addWidget(this._view);
  }

  override dispose(): void {
    this._follow(null);
    super.dispose();
  }

  protected override onActiveNotebookPanelChanged(): void {
    this._follow(this.notebookTools.activeNotebookPanel);
    this._refresh();
  }

  protected override onActiveCellChanged(): void {
    this._refresh();
  }

  protected override onAfterShow(): void {
    this._refresh();
  }

  private _follow(panel: NotebookPanel | null): void {
    const old = this._panel;
    if (old !== panel) {
      if (old && !old.isDisposed) {
        old.content.model?.contentChanged.disconnect(this._refresh, this);
        old.context.saveState.disconnect(this._onSave, this);
        this._options.models.for(old).changed.disconnect(this._refresh, this);
      }
      this._panel = panel;
      this._form = null;
      panel?.content.model?.contentChanged.connect(this._refresh, this);
      panel?.context.saveState.connect(this._onSave, this);
      if (panel) {
        this._options.models.for(panel).changed.connect(this._refresh, this);
      }
    }
  }

  /** What is typed when the notebook is saved by a key is saved with it. */
  private _onSave(_: unknown, state: string): void {
    if (state === 'started') {
      this._form?.commitAll();
    }
  }

  private _refresh(): void {
    if (!this.isVisible) {
      return;
    }
    if (!this._schema && !this._isLoading) {
      void this._load();
    }
    const model = this._panel?.content.model;
    const active = this._panel?.content.activeCellIndex ?? -1;
    const { trans } = this._options;
    const found = model ? targetOf(cellsOf(model), active, trans) : trans.__('Open a notebook first.');
    const isSame =
      typeof found !== 'string' && typeof this._target !== 'string' && found.cellId === this._target.cellId;
    this._target = found;
    if (typeof found === 'string' || !this._schema) {
      this._form = null;
    } else if (isSame && this._form) {
      this._form.take(found.settings);
    } else {
      this._form = this._formOf(found, this._schema);
    }
    this._view.update();
  }

  private _formOf({ cellId, settings }: StepTarget, { fields, fits }: Schema): SettingsForm {
    const write = (value: JSONObject | undefined): void => this._write(cellId, value);
    return new SettingsForm({ fields, fits, value: settings, write, trans: this._options.trans });
  }

  private _write(cellId: string, settings: JSONObject | undefined): void {
    const model = this._panel?.content.model;
    if (model && !this._isReadOnly) {
      applyCells(
        model,
        cellsOf(model).flatMap(cell => (cell.id === cellId ? [{ ...cell, settings }] : []))
      );
    }
  }

  private async _load(): Promise<void> {
    this._isLoading = true;
    try {
      this._schema = await loadSchema(this._options.service.client);
      this._problem = '';
    } catch (error) {
      this._problem = error instanceof ApiError ? error.text : String(error);
    }
    this._isLoading = false;
    if (!this.isDisposed && this._schema) {
      this._refresh();
    }
    this._view.update();
  }

  private _render(): ReactElement {
    const { models, trans } = this._options;
    const [target, form, panel] = [this._target, this._form, this._panel];
    if (typeof target === 'string') {
      return <p className="nb2pipe-Settings-none">{target}</p>;
    }
    if (!form || !panel) {
      return (
        <p className="nb2pipe-Settings-none" role="status">
          {this._problem || trans.__('Asking …')}
        </p>
      );
    }
    const { diagnostics, isOfTheseCells } = models.for(panel);
    const isOfIt = (index: number | null): boolean =>
      index === target.index || target.others.includes(index ?? -1);
    const findings = diagnostics.filter(each => each.code.startsWith(OF_SETTINGS) && isOfIt(each.cell_index));
    return (
      <SettingsView
        form={form}
        target={target}
        isReadOnly={this._isReadOnly}
        findings={isOfTheseCells ? findings : []}
      />
    );
  }

  private get _isReadOnly(): boolean {
    const panel = this._panel;
    return panel?.content.model?.readOnly === true || panel?.context.contentsModel?.writable === false;
  }

  private readonly _view: View;
  private _panel: NotebookPanel | null = null;
  private _target: StepTarget | string = '';
  private _form: SettingsForm | null = null;
  private _schema: Schema | null = null;
  private _isLoading = false;
  private _problem = '';
}

class View extends ReactWidget {
  constructor(private readonly _draw: () => ReactElement) {
    super();
  }

  protected override render(): ReactElement {
    return this._draw();
  }
}
