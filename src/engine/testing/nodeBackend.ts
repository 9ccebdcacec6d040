import { chooseBackend, type BackendName, type BackendReport } from '../backend';

/** Folder of the WebAssembly files inside the project's own dependencies, as Node reads them. */
export const nodeWasmPaths = decodeURIComponent(
  new URL('../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).pathname,
);

/** Starts a backend in Node, for tests. */
export function startNodeBackend(name: BackendName): Promise<BackendReport> {
  return chooseBackend(name, { wasmPaths: nodeWasmPaths });
}
