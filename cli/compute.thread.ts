import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { parentPort } from 'node:worker_threads';
import { InThreadCompute } from '../workers/service/computeService';
import { wasmFolder } from './wasmFolder';

if (!parentPort) throw new Error('compute.thread: expected to run inside a worker thread');
expose(new InThreadCompute(wasmFolder), nodeEndpoint(parentPort));
