/** The heads of values that steps saved, asked for when one wants to see them. */

import type { Client } from '../api/client';
import type { components } from '../api/schema';
import { Unfolded } from './unfolded';

export type ArtifactPreview = components['schemas']['ArtifactPreview'];
export type Summary = components['schemas']['Summary'];

/** A value that a step saved. */
interface Saved {
  step: string;
  artifact: string;
}

export type Previews = Unfolded<Saved, ArtifactPreview>;

export function previewsOf(client: Pick<Client, 'get'>, run: string): Previews {
  return new Unfolded(
    ({ step, artifact }) =>
      client.get('/runs/{run}/steps/{step}/artifacts/{artifact}/preview', {
        params: { run, step, artifact }
      }),
    ({ step, artifact }) => `${step}/${artifact}`
  );
}
