import { workerData } from 'node:worker_threads';
import { start } from './start.mjs';

await start('compute.thread', workerData.modules.length > 0);
