import { workerData } from 'node:worker_threads';
import { start } from './start.mjs';

await start('parse.thread', workerData.modules.length > 0);
