import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { LiteRtProgram } from '../workers/service/liteRt';

/**
 * LiteRT's program from the package's folder: its build for engines without relaxed SIMD, which Node has only behind a
 * flag. It is a module of CommonJS in a package of ES modules, so that `require` will not take it.
 */
export function loadLiteRtProgram(): Promise<LiteRtProgram> {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@litertjs/core/package.json')), 'wasm');
  const path = join(folder, 'litert_wasm_compat_internal.js');
  const module: { exports: object } = { exports: {} };
  const names = ['module', 'exports', 'require', '__filename', '__dirname'];

  const run = new Function(...names, readFileSync(path, 'utf8')) as (...values: unknown[]) => void;
  run(module, module.exports, require, path, folder);
  return Promise.resolve(module.exports as LiteRtProgram);
}
