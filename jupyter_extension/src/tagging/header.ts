/** The small header above the first cell of a step. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { stateWord } from '../ui/words';
import type { Band, Header } from './band';

/** Names shown before the rest is counted. */
const SHOWN = 5;

export interface BandHeaderOptions {
  trans: TranslationBundle;
  /** Called with the button that the menu opens at. */
  onMenu: (button: HTMLElement) => void;
  /** Called when a pointer goes down on it, where a step begins. */
  onGrab: (event: PointerEvent) => void;
}

export class BandHeader extends Widget {
  constructor({ trans, onMenu, onGrab }: BandHeaderOptions) {
    super();
    this._trans = trans;
    this.addClass('nb2pipe-Band-header');
    this._name.type = 'button';
    this._name.className = 'nb2pipe-Band-name';
    this._name.setAttribute('aria-haspopup', 'menu');
    this._name.addEventListener('click', () => onMenu(this._name));
    this._flow.className = 'nb2pipe-Band-flow';
    this._state.className = 'nb2pipe-Band-state';
    this.node.addEventListener('pointerdown', event => {
      if (this.node.dataset['movable'] === 'true') {
        onGrab(event);
      }
    });
    this.node.append(this._name, this._state, this._flow);
  }

  present(band: Band, header: Header): void {
    const title = this._title(band, header);
    const flow = this._flowOf(header, SHOWN);
    const state = header.state ? stateWord(header.state, this._trans) : '';
    this._name.textContent = title;
    this.node.dataset['movable'] = String(header.isMovable);
    this.node.title = header.isMovable ? this._trans.__('Drag: let the step begin at another cell') : '';
    this._name.title = header.isMovable
      ? this._trans.__(
          'Click: what to do with this cell and its step. Drag: let the step begin at another cell.'
        )
      : this._trans.__('What to do with this cell and its step');
    this._name.setAttribute('aria-label', [title, this._spoken(header), state].filter(Boolean).join(', '));
    this._flow.textContent = flow;
    this._flow.title = this._flowOf(header, Infinity);
    this._state.textContent = state;
    this._state.dataset['state'] = header.state ?? '';
  }

  private _title({ kind, step, isMetrics }: Band, { isContinued }: Header): string {
    switch (kind) {
      case 'setup':
        return this._trans.__('setup');
      case 'parameters':
        return this._trans.__('parameters');
      case 'skip':
        return this._trans.__('not in the pipeline');
      case 'step':
        return isMetrics
          ? this._trans.__('%1: metrics', step)
          : isContinued
            ? this._trans.__('%1 (continued)', step)
            : step;
    }
  }

  private _flowOf({ inputs, outputs }: Header, most: number): string {
    const taken = inputs.length > 0 ? `← ${listed(inputs, most)}` : '';
    const given = outputs.length > 0 ? `→ ${listed(outputs, most)}` : '';
    return [taken, given].filter(Boolean).join('  ');
  }

  private _spoken({ inputs, outputs }: Header): string {
    return [
      inputs.length > 0 ? this._trans.__('takes %1', inputs.join(', ')) : '',
      outputs.length > 0 ? this._trans.__('gives %1', outputs.join(', ')) : ''
    ]
      .filter(Boolean)
      .join(', ');
  }

  private readonly _trans: TranslationBundle;
  private readonly _name = document.createElement('button');
  private readonly _flow = document.createElement('span');
  private readonly _state = document.createElement('span');
}

function listed(names: readonly string[], most: number): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` +${more}` : '');
}
