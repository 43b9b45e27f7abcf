/** The icon of a kind of thing. */

import {
  codeIcon,
  fileIcon,
  type LabIcon,
  linkIcon,
  numberingIcon,
  offlineBoltIcon,
  runIcon
} from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import { pipelineIcon } from '../ui/icons';
import type { Look } from './words';

const ICONS: Record<Look, LabIcon> = {
  step: pipelineIcon,
  value: codeIcon,
  model: offlineBoltIcon,
  metric: numberingIcon,
  file: fileIcon,
  url: linkIcon,
  run: runIcon
};

export function LookMark({ look }: { look: Look }): ReactElement {
  const Icon = ICONS[look].react;
  return <Icon tag="span" className="nb2pipe-Lineage-look" width="16px" height="16px" />;
}
