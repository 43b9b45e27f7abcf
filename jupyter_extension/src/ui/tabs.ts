/** Tabs of the main area that a command opens, each kind of them in the same way. */

import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { type ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { DockLayout, Widget } from '@lumino/widgets';

import { largeArea } from './area';

export type Args = ReadonlyPartialJSONObject;

export interface Shell {
  app: JupyterFrontEnd;
  palette: ICommandPalette | null;
  restorer: ILayoutRestorer | null;
}

export interface TabsOptions<T extends Widget> {
  /** Names this kind of tabs; the id of a tab begins with it. */
  id: string;
  /** What JupyterLab calls them where it asks which widgets go where. */
  type: string;
  command: string;
  label: string | CommandRegistry.CommandFunc<string>;
  caption: string;
  icon: LabIcon;
  /** Properties of the command's arguments, as in a JSON schema. */
  properties?: ReadonlyJSONObject;
  /** Whether the command's arguments do not go without these. */
  required?: string[];
  /** What tells a tab from others of its kind; undefined where nothing can be opened. Without it there is one tab. */
  keyOf?: (args: Args) => string | undefined;
  make: (key: string) => T;
  /** Arguments that open the tab anew after a reload. */
  argsOf?: (content: T) => Args;
  /** `spoken`: what the content is called for those who hear it, where that is not the label. */
  titleOf: (content: T) => { label: string; caption?: string; spoken?: string };
  /** Says when the title or the arguments may be others. */
  changedOf?: (content: T) => ISignal<unknown, unknown>;
  /** Called each time the command has opened a tab. */
  opened?: (content: T, args: Args) => Promise<void> | void;
  mode?: DockLayout.InsertMode;
}

/** Add the command that opens tabs of a kind, list it in the palette unless it needs arguments, and restore the tabs. */
export function addTabs<T extends Widget>({ app, palette, restorer }: Shell, options: TabsOptions<T>): void {
  const { id, command, keyOf = (): string => '', argsOf = (): Args => ({}), required } = options;
  const tabs = new WidgetTracker<MainAreaWidget<T>>({ namespace: id });
  const nameOf = ({ content }: MainAreaWidget<T>): string => keyOf(argsOf(content)) ?? '';
  const { label, caption, icon, properties = {} } = options;
  app.commands.addCommand(command, {
    label,
    caption,
    icon,
    isEnabled: args => keyOf(args) !== undefined,
    execute: async args => {
      const key = keyOf(args) ?? '';
      let tab = tabs.find(each => nameOf(each) === key);
      if (!tab) {
        tab = tabOf(options, key, () => void tabs.save(tab as MainAreaWidget<T>));
        await tabs.add(tab);
        const { mode, type } = options;
        app.shell.add(tab, largeArea(app.shell), { type, ...(mode ? { mode } : {}) });
      }
      app.shell.activateById(tab.id);
      await options.opened?.(tab.content, args);
    },
    describedBy: { args: { type: 'object', properties, ...(required ? { required } : {}) } }
  });
  if (!required) {
    palette?.addItem({ command, category: 'nb2pipe' });
  }
  void restorer?.restore(tabs, {
    command,
    args: ({ content }) => argsOf(content),
    name: tab => nameOf(tab) || id
  });
}

/** @param save called when what is restored has changed */
function tabOf<T extends Widget>(options: TabsOptions<T>, key: string, save: () => void): MainAreaWidget<T> {
  const { id, icon, make, titleOf, changedOf } = options;
  const content = make(key);
  const tab = new MainAreaWidget({ content });
  tab.id = key ? `${id}-${key}` : id;
  tab.title.icon = icon;
  tab.title.closable = true;
  tab.toolbar.hide();
  const name = (): void => {
    const { label, caption = '', spoken = label } = titleOf(content);
    tab.title.label = label;
    tab.title.caption = caption;
    content.node.setAttribute('aria-label', spoken); // the frame has one for all tabs
  };
  changedOf?.(content).connect(() => {
    if (!tab.isDisposed) {
      name();
      save();
    }
  });
  name();
  return tab;
}
