import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { parentPort, workerData } from 'node:worker_threads';
import { InThreadCompute } from '../workers/service/computeService';
import { movingCompute } from '../workers/service/movingCompute';
import { loadModules } from './extensions';
import { loadLiteRtProgram } from './liteRtProgram';
import { wasmFolder } from './wasmFolder';

if (!parentPort) throw new Error('compute.thread: expected to run inside a worker thread');
const { modules } = workerData as { readonly modules: readonly string[] };
await loadModules(modules);
expose(movingCompute(new InThreadCompute(wasmFolder, loadLiteRtProgram)), nodeEndpoint(parentPort));
