/** Images of notebooks: what is asked for, what was built, and what one lacks. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Answer } from '../api/client';
import type { FeedEvent } from '../api/events';
import type { ImageBuild } from '../api/types';
import type { INb2pipe } from '../tokens';
import { refusalOf, type Refusal } from '../ui/sendDialog';
import { BuildLog } from './buildLog';

export type ImageCheck = Answer<'/images/check', 'post'>[number];
/** What stands in the form; empty for what the settings say, or for none. */
export interface Wanted {
  base: string;
  tag: string;
  push: string;
  engine: '' | 'podman' | 'docker';
}
const MOST = 50;
/** As the service takes names. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/;
/** REGISTRY/NAME[:TAG], as it takes what is pushed to. */
const IN_REGISTRY = /^(?:[^/\s]*[.:][^/\s]*|localhost)\/[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]{0,127})?$/;

export class ImagesModel implements IDisposable {
  constructor(private readonly _service: Pick<INb2pipe, 'client' | 'events'>) {
    _service.events.received.connect(this._onEvent, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get wanted(): Wanted {
    return this._wanted;
  }

  /** Newest first; null until they were read. */
  get builds(): readonly ImageBuild[] | null {
    return this._builds;
  }

  /** The build that is shown. */
  get build(): ImageBuild | null {
    return this._builds?.find(each => each.id === this._log?.build) ?? null;
  }

  get log(): string {
    return this._log?.text ?? '';
  }

  /** What the images of the steps lack; null until that is asked. */
  get checks(): readonly ImageCheck[] | null {
    return this._checks;
  }

  get problem(): Refusal | null {
    return this._problem;
  }

  get isBusy(): boolean {
    return this._isBusy;
  }

  /** Whether a field is empty, or has the name of an image, of one in a registry where it is pushed to. */
  isRight(field: 'base' | 'tag' | 'push'): boolean {
    const name = this._wanted[field];
    return name === '' || (field === 'push' ? IN_REGISTRY : NAME).test(name);
  }

  get isValid(): boolean {
    return (['base', 'tag', 'push'] as const).every(each => this.isRight(each));
  }

  set(wanted: Partial<Wanted>): void {
    this._wanted = { ...this._wanted, ...wanted };
    this._emit();
  }

  /** Nothing was sent, for this reason. */
  refuse(problem: Refusal): void {
    this._problem = problem;
    this._emit();
  }

  show(id: string): void {
    this._log = new BuildLog(this._service.client, id, () => this._emit());
    void this._log.read();
    this._emit();
  }

  async refresh(): Promise<void> {
    await this._try(async () => {
      this._builds = await this._service.client.get('/images/builds', { query: { limit: MOST } });
      const [newest] = this._builds;
      if (newest && !this._log) {
        this.show(newest.id);
      }
    });
  }

  /** Build an image for a notebook. */
  async start(path: string): Promise<void> {
    await this._try(async () => {
      const build = await this._service.client.post('/images/builds', { body: { path, ...this._given() } });
      this._take(build);
      this.show(build.id);
    });
  }

  /** Say what the images of a notebook's steps lack. */
  async check(path: string): Promise<void> {
    this._checks = null;
    await this._try(async () => {
      const { tag, engine } = this._given();
      const body = { path, ...(tag ? { image: tag } : {}), ...(engine ? { engine } : {}) };
      this._checks = await this._service.client.post('/images/check', { body });
    });
  }

  async cancel(build: string): Promise<void> {
    await this._try(async () => {
      await this._service.client.post('/images/builds/{build}/cancel', { params: { build } });
    });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.disconnectReceiver(this);
      Signal.clearData(this);
    }
  }

  private _given(): Partial<Wanted> & { engine?: 'podman' | 'docker' } {
    return Object.fromEntries(Object.entries(this._wanted).filter(([, value]) => value !== ''));
  }

  private async _try(work: () => Promise<void>): Promise<void> {
    this._isBusy = true;
    this._problem = null;
    this._emit();
    try {
      await work();
    } catch (error) {
      this._problem = refusalOf(error);
    }
    this._isBusy = false;
    this._emit();
  }

  private _onEvent(_: unknown, event: FeedEvent): void {
    if (event.kind === 'image') {
      this._take(event.data);
    } else if (event.kind === 'image-log' && event.data.build_id === this._log?.build) {
      void this._log.read();
    } else if (event.kind === 'reset') {
      void this.refresh();
    }
  }

  private _take(build: ImageBuild): void {
    const others = (this._builds ?? []).filter(each => each.id !== build.id);
    this._builds = [build, ...others].sort((one, other) => other.id.localeCompare(one.id));
    if (build.id === this._log?.build) {
      void this._log.read();
    }
    this._emit();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _wanted: Wanted = { base: '', tag: '', push: '', engine: '' };
  private _builds: readonly ImageBuild[] | null = null;
  private _checks: readonly ImageCheck[] | null = null;
  private _log: BuildLog | null = null;
  private _problem: Refusal | null = null;
  private _isBusy = false;
  private _isDisposed = false;
}
