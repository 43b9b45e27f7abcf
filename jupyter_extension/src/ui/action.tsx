/** A button that looks like a word. */

import type { ReactElement, ReactNode } from 'react';

export function Action(props: { onClick: () => void; title?: string; children: ReactNode }): ReactElement {
  return (
    <button
      className="jp-mod-styled jp-mod-minimal nb2pipe-Action"
      title={props.title}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}
