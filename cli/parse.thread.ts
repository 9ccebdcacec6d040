import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { parentPort, workerData } from 'node:worker_threads';
import { InThreadParser } from '../workers/service/parsing';
import { installedCodecs } from './codecs';
import { loadModules } from './extensions';

if (!parentPort) throw new Error('parse.thread: expected to run inside a worker thread');
const { modules } = workerData as { readonly modules: readonly string[] };
await loadModules(modules);
expose(new InThreadParser(installedCodecs), nodeEndpoint(parentPort));
