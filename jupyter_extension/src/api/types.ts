/** The service's values, by the names that the rest of the extension uses. */

import type { Answer } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

export type Pipeline = Schemas['PipelineShown'];
export type Step = Schemas['Step'];
export type Edge = Schemas['Edge'];
export type Parameter = Schemas['Parameter'];
export type Diagnostic = Schemas['DiagnosticShown'];
export type Problem = Schemas['Problem'];
export type Run = Schemas['RunShown'];
export type StepRun = Schemas['StepShown'];
export type Batch = Schemas['BatchShown'];
export type BatchHead = Schemas['BatchHead'];
export type ImageBuild = Schemas['ImageBuildShown'];
export type Target = Schemas['TargetShown'];
export type Schedule = Schemas['ScheduleShown'];
export type RunState = Schemas['RunShown']['state'];
export type Lineage = Answer<'/lineage', 'get'>;
export type LineageNode = Schemas['LineageNode'];
export type LineageStart = Schemas['Start'];
export type LineageRun = Schemas['RunOfLineage'];
