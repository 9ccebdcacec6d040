import { PooledStudio } from '../pool/pooledStudio';
import { remoteService, threadEnded } from '../pool/remoteService';
import type { Thread } from '../pool/threads';
import type { Studio } from '../protocol/studio';

/** More threads than this gain little and hold a copy of the network each. */
const mostThreads = 8;

/** The studio of a page: compute workers, one per core. */
export function createStudio(): Studio {
  return new PooledStudio(openThread, Math.min(navigator.hardwareConcurrency, mostThreads));
}

function openThread(): Thread {
  const worker = new Worker(new URL('../compute.worker.ts', import.meta.url), { type: 'module' });
  let end: (reason: Error) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  // Nobody may be waiting when the thread ends.
  ended.catch(() => undefined);
  worker.addEventListener('error', () => end(threadEnded(false)));
  return {
    service: remoteService(worker, ended),
    close: () => {
      end(threadEnded(true));
      worker.terminate();
    },
  };
}
