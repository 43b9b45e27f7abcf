// @vitest-environment node

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';

const ROOT = resolve(fileURLToPath(import.meta.url), '../..');

it('has types made from the description that is there: else run `npm run types`', async () => {
  const made = astToString(await openapiTS(pathToFileURL(resolve(ROOT, 'openapi.json'))));
  expect(readFileSync(resolve(ROOT, 'src/api/schema.d.ts'), 'utf-8').endsWith(made)).toBe(true);
}, 60_000);
