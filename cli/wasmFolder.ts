import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packageFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');

/** Folder of the WebAssembly files that tfjs loads, with a trailing slash as it wants it. */
export const wasmFolder = join(dirname(packageFile), 'dist/');
