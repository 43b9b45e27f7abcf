/** Icons of our own; all follow the theme. */

import { LabIcon } from '@jupyterlab/ui-components';

import pipelineRunSvg from '../../style/pipeline-run.svg';
import pipelineSvg from '../../style/pipeline.svg';
import warningSvg from '../../style/warning.svg';

export const pipelineIcon = new LabIcon({ name: 'nb2pipe:pipeline', svgstr: pipelineSvg });
export const pipelineRunIcon = new LabIcon({ name: 'nb2pipe:pipeline-run', svgstr: pipelineRunSvg });
export const warningIcon = new LabIcon({ name: 'nb2pipe:warning', svgstr: warningSvg });
