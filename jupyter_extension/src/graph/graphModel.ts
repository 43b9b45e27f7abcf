/** What the picture of one notebook's pipeline shows. */

import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Client } from '../api/client';
import type { Diagnostic, Pipeline, Step } from '../api/types';
import { textOf } from '../notebook/content';
import type { PipelineModel } from '../notebook/pipelineModel';
import type { IStepStates, StepState } from '../notebook/stepStates';
import { Explanation } from './explanation';
import { chainsOf, type Folded, MANY_STEPS } from './folding';
import { type Direction, layoutPipeline, type Layout } from './layout';
import { EditTiming } from './timing';

/** The finding of a notebook without any code: no fault, but a beginning. */
const NO_CODE = 'N2P008';
/** The step of cells before the first tag. */
const UNTAGGED = 'start';

/** Pixels across in a side panel as it opens. */
const NARROW = 224;
/** While somebody draws a panel wider the picture is not made anew for each pixel. */
const ROOM_STEP = 32;

/** A cell, by its id where it is known, and a line of it from 1. */
export interface Place {
  id: string | null;
  index: number;
  line: number | null;
}

/** Where the picture has its pipeline from: a notebook while one types, or a run. */
export type PipelineSource = Pick<
  PipelineModel,
  'pipeline' | 'lastGood' | 'diagnostics' | 'isBusy' | 'problem' | 'state'
> & { readonly changed: ISignal<unknown, void> };

export interface GraphOptions {
  notebook: INotebookModel;
  /** As the contents manager of the server has it, as of now. */
  path: () => string;
  pipeline: PipelineSource;
  client: Pick<Client, 'post'>;
  states: IStepStates | null;
  direction: Direction;
}

export class GraphModel implements IDisposable {
  constructor(private readonly _options: GraphOptions) {
    const { client, notebook, path, pipeline, states } = _options;
    this.explanation = new Explanation(client, { path, text: () => textOf(notebook) });
    this.explanation.changed.connect(this._emit, this);
    pipeline.changed.connect(this._onPipeline, this);
    states?.changed.connect(this._onStates, this);
    notebook.contentChanged.connect(this._onEdit, this);
    this._onPipeline();
  }

  readonly explanation: Explanation;
  readonly timing = new EditTiming();

  /** Anything that is shown. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get source(): PipelineSource {
    return this._options.pipeline;
  }

  get direction(): Direction {
    return this._options.direction;
  }

  /** The latest pipeline that there was; null in a notebook without code. */
  get pipeline(): Pipeline | null {
    return this.isEmpty ? null : this._shown;
  }

  /** Whether what is shown is not what the notebook says now. */
  get isOld(): boolean {
    return this.source.pipeline !== this._shown || this.source.state === 'offline';
  }

  /** No code at all. */
  get isEmpty(): boolean {
    return this.source.diagnostics.some(each => each.code === NO_CODE);
  }

  /** Nobody has tagged a step yet. */
  get isUntagged(): boolean {
    return this.isEmpty || (this._shown?.steps.every(step => step.name === UNTAGGED) ?? false);
  }

  get findings(): readonly Diagnostic[] {
    return this.isEmpty ? [] : this.source.diagnostics;
  }

  /** The step of the notebook's active cell. */
  get currentStep(): string | null {
    const index = this._activeId === null ? -1 : this._ids.indexOf(this._activeId);
    return this._shown?.steps.find(step => step.cells.includes(index))?.name ?? null;
  }

  /** Chains that can be folded. */
  get chains(): readonly Folded[] {
    return this._chains;
  }

  get isFolded(): boolean {
    return this._isFolded ?? (this._shown?.steps.length ?? 0) > MANY_STEPS;
  }

  get layout(): Layout {
    const folded = this.isFolded ? this._chains.filter(chain => !this._unfolded.has(chain.id)) : [];
    const key = JSON.stringify([this._room, folded.map(chain => chain.id)]);
    if (!this._layout || this._layoutKey !== key) {
      this._layout = this._shown
        ? layoutPipeline(this._shown, this._options.direction, folded, this._room)
        : { nodes: [], edges: [], bands: [], isColumn: false };
      this._layoutKey = key;
    }
    return this._layout;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** There are so many pixels across for the picture; from top to bottom it is made to fit. */
  setRoom(pixels: number): void {
    const room = Math.floor(pixels / ROOM_STEP) * ROOM_STEP;
    if (room > 0 && room !== this._room && this.direction === 'TB') {
      this._room = room;
      this._emit();
    }
  }

  /** Draw chains as one node each, or all steps. */
  setFolded(isFolded: boolean): void {
    this._isFolded = isFolded;
    this._unfolded.clear();
    this._emit();
  }

  /** Draw the steps of one chain. */
  unfold(id: string): void {
    this._unfolded.add(id);
    this._emit();
  }

  /** The active cell of the notebook is another. */
  setActiveCell(id: string | null): void {
    const before = this.currentStep;
    this._activeId = id;
    if (before !== this.currentStep) {
      this._emit();
    }
  }

  step(name: string): Step | null {
    return this._shown?.steps.find(step => step.name === name) ?? null;
  }

  stateOf(step: string): StepState | null {
    return this._options.states?.stateOf(this._options.path(), step) ?? null;
  }

  /** Where a step begins. */
  startOf(step: string): Place | null {
    const index = this.step(step)?.cells[0];
    return index === undefined ? null : this._place(index, null);
  }

  /** Where a step first uses what another gives it; its beginning where no variable crosses. */
  useOf(source: string, target: string): Place | null {
    const port = this.step(target)?.inputs.find(each => each.sources.includes(source));
    return port ? this._place(port.cell_index, port.line) : this.startOf(target);
  }

  /** Null for a finding of the whole notebook. */
  placeOf(found: Diagnostic): Place | null {
    const { cell_id: id, cell_index: index, line } = found;
    return index === null ? null : { id, index, line };
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.explanation.dispose();
      this.source.changed.disconnect(this._onPipeline, this);
      this._options.states?.changed.disconnect(this._onStates, this);
      this._options.notebook.contentChanged.disconnect(this._onEdit, this);
      Signal.clearData(this);
    }
  }

  private _place(index: number, line: number | null): Place {
    return { id: this._ids[index] ?? null, index, line };
  }

  private _onPipeline(): void {
    const { lastGood, diagnostics, isBusy, state } = this.source;
    // A cell that is half typed has no edges: where the steps are the same, those of before are shown.
    const isKept = state === 'failed' && namesOf(lastGood) === namesOf(this._shown);
    if (lastGood !== this._shown && !isKept) {
      this._ids = Array.from(this._options.notebook.cells, cell => cell.id);
      this._show(lastGood);
    }
    if (diagnostics !== this._found) {
      this._found = diagnostics;
      this.timing.answered();
    } else if (isBusy) {
      this.timing.asked();
    }
    this._emit();
  }

  private _show(pipeline: Pipeline | null): void {
    const isSame = drawnOf(pipeline) === drawnOf(this._shown);
    this._shown = pipeline;
    if (!isSame) {
      this._layout = null;
      this._chains = pipeline ? chainsOf(pipeline) : [];
    }
  }

  private _onStates(_: unknown, path: string): void {
    if (path === this._options.path()) {
      this._emit();
    }
  }

  private _onEdit(): void {
    this.timing.edited();
  }

  private _emit(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _unfolded = new Set<string>();
  private _shown: Pipeline | null = null;
  private _found: readonly Diagnostic[] | null = null;
  private _ids: readonly string[] = [];
  private _chains: readonly Folded[] = [];
  private _isFolded: boolean | null = null;
  private _layout: Layout | null = null;
  private _layoutKey = '';
  private _room = NARROW;
  private _activeId: string | null = null;
  private _isDisposed = false;
}

function namesOf(pipeline: Pipeline | null): string {
  return JSON.stringify(pipeline?.steps.map(step => step.name));
}

/** All of a pipeline that the picture depends on. */
function drawnOf(pipeline: Pipeline | null): string {
  const steps = pipeline?.steps.map(({ name, parameters }) => [name, parameters]);
  return JSON.stringify([steps, pipeline?.edges, pipeline?.side_by_side]);
}
