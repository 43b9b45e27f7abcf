/** Icons of schedules; all follow the theme. */

import { LabIcon } from '@jupyterlab/ui-components';

import clockSvg from '../../style/clock.svg';
import resumeSvg from '../../style/resume.svg';

export const clockIcon = new LabIcon({ name: 'nb2pipe:clock', svgstr: clockSvg });
export const resumeIcon = new LabIcon({ name: 'nb2pipe:resume', svgstr: resumeSvg });
