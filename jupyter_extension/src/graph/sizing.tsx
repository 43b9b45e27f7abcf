/** The buttons below a picture that make it larger and smaller, and what they are called. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { type AriaLabelConfig, Controls } from '@xyflow/react';
import { type ReactElement, useMemo } from 'react';

const WHOLE = { padding: 0.05, maxZoom: 1 };

/** For the picture that the buttons belong to. */
export function useSizeLabels(trans: TranslationBundle): Partial<AriaLabelConfig> {
  return useMemo(
    () => ({
      'controls.ariaLabel': trans.__('Size of the graph'),
      'controls.zoomIn.ariaLabel': trans.__('Larger'),
      'controls.zoomOut.ariaLabel': trans.__('Smaller'),
      'controls.fitView.ariaLabel': trans.__('Show all'),
      'minimap.ariaLabel': trans.__('Overview of the graph')
    }),
    [trans]
  );
}

export function SizeButtons(): ReactElement {
  return <Controls showInteractive={false} orientation="horizontal" fitViewOptions={WHOLE} />;
}
