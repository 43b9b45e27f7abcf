/** What stands where there is nothing to show. */

import type { ReactElement, ReactNode } from 'react';

/** A text where there is nothing to show, which says what would change that. */
export function Empty({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <div className="nb2pipe-Panel-empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}
