/** Icons of our own; all follow the theme. */

import { LabIcon } from '@jupyterlab/ui-components';

import pipelineSvg from '../../style/pipeline.svg';

export const pipelineIcon = new LabIcon({ name: 'nb2pipe:pipeline', svgstr: pipelineSvg });
