import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { PooledStudio } from '../workers/pool/pooledStudio';
import { remoteService, threadEnded } from '../workers/pool/remoteService';
import { inThreadParser } from '../workers/service/parsing';
import type { Thread } from '../workers/pool/threads';
import type { Studio } from '../workers/protocol/studio';

/** The studio of a command line: worker threads, one per core. */
export function createNodeStudio(threads = availableParallelism()): Studio {
  return new PooledStudio(openThread, threads, inThreadParser);
}

function openThread(): Thread {
  const worker = new Worker(new URL('./compute.thread.mjs', import.meta.url));
  let end: (reason: Error) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  // Nobody may be waiting when the thread ends.
  ended.catch(() => undefined);
  worker.on('error', end);
  return {
    service: remoteService(nodeEndpoint(worker), ended),
    close: () => {
      end(threadEnded(true));
      void worker.terminate();
    },
  };
}
