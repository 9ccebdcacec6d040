import address from '@litertjs/core/wasm/litert_wasm_compat_internal.wasm?url';
import { loadPart } from '../src/network/parts';
import { wasmFile } from '../src/network/wasmFile';
import type { LiteRtProgram } from './service/liteRt';

/**
 * LiteRT's program in a bundle made by Vite, in its build that every engine runs: it is as fast as the others on
 * networks of this size, and one build of 9 MB is enough to serve.
 */
export async function loadBundledLiteRt(): Promise<LiteRtProgram> {
  const part = 'LiteRT, which judges what is written';
  // vite.config.ts makes a module of it.
  const { default: program } = await loadPart(
    part,
    () => import('@litertjs/core/wasm/litert_wasm_compat_internal.js'),
  );
  const wasmBinary = await wasmFile(await fetch(address));
  return (settings) => program({ ...settings, wasmBinary });
}
