import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { builtCommandLine } from './built.mjs';
import { encJson, runEncWith } from './testing';

it('is built once for the sources as they are', async () => {
  const [one, other] = await Promise.all([builtCommandLine(), builtCommandLine()]);
  expect(other.href).toBe(one.href);
  for (const entry of ['main.mjs', 'compute.thread.mjs', 'parse.thread.mjs'])
    expect(existsSync(new URL(entry, one))).toBe(true);
});

it('answers as the sources do, on the same backend', async () => {
  const args = ['evaluate', 'sample:residual', '--data', 'sample:residual', '--images', '70'];
  const built = await encJson<{ backend: string }>(...args);
  // With a module of other people's beside it, it runs from its sources.
  const module = fileURLToPath(new URL('toys/register.ts', import.meta.url));
  const extended = await runEncWith({ ENC_EXTENSIONS: module }, ...args, '--json');
  expect(JSON.parse(extended.stdout)).toEqual(built);
  expect(built.backend).toBe('wasm');
});
