import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { PooledStudio } from '../workers/pool/pooledStudio';
import { remoteService } from '../workers/pool/remoteService';
import { threadEnd, threadLost, type Thread } from '../workers/pool/threads';
import type { Studio } from '../workers/protocol/studio';
import { extensionModules } from './extensions';
import { openParser } from './parser';

/** What a test may want to be otherwise. */
export interface NodeStudioOptions {
  /** One per core unless given. */
  readonly threads?: number;
  /** Handed every thread's worker as it is made. */
  readonly onThread?: (worker: Worker) => void;
  /** Addresses of modules that every thread loads first, to list more in its registries; `ENC_EXTENSIONS` unless given. */
  readonly modules?: readonly string[];
  /** Told a sentence when a thread could not be replaced. */
  readonly onNote?: (sentence: string) => void;
}

/** The studio of a command line: worker threads. */
export function createNodeStudio(options: NodeStudioOptions = {}): Studio {
  const { threads = availableParallelism(), modules = extensionModules(), onThread, onNote } = options;
  return new PooledStudio({
    openThread: () => openThread(modules, onThread),
    openParser: () => openParser(modules),
    reusesParsers: true,
    threads,
    ...(onNote ? { onNote } : {}),
  });
}

function openThread(modules: readonly string[], onThread: NodeStudioOptions['onThread']): Thread {
  const workerData = { modules };
  const worker = new Worker(new URL('./compute.thread.mjs', import.meta.url), { workerData });
  const { ended, failed, end } = threadEnd();
  worker.on('error', (error) => end(threadLost(error.message)));
  worker.on('exit', () => end(threadLost()));
  onThread?.(worker);
  return {
    service: remoteService(nodeEndpoint(worker), failed),
    ended,
    close: (reason) => {
      end(reason);
      void worker.terminate();
    },
  };
}
