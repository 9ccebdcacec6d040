import { PooledStudio } from '../pool/pooledStudio';
import type { Parser } from '../pool/parsing';
import { parserEnded, remoteParser, remoteService, threadEnded } from '../pool/remoteService';
import type { Thread } from '../pool/threads';
import type { Studio } from '../protocol/studio';

/** More threads than this gain little and hold a copy of the network each. */
const maxThreads = 8;

/**
 * The studio of a page: compute workers, one per core.
 *
 * @param openWorker for a benchmark whose compute workers tell more of themselves
 */
export function createStudio(openWorker: () => Worker = openComputeWorker): Studio {
  const threads = Math.min(navigator.hardwareConcurrency, maxThreads);
  return new PooledStudio(() => openThread(openWorker()), threads, openParser);
}

function openComputeWorker(): Worker {
  return new Worker(new URL('../compute.worker.ts', import.meta.url), { type: 'module' });
}

/** Rejects when a worker dies or is ended; nobody may be waiting then. */
function endOf(): { readonly ended: Promise<never>; readonly end: (reason: Error) => void } {
  let end: (reason: Error) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  ended.catch(() => undefined);
  return { ended, end };
}

function openThread(worker: Worker): Thread {
  const { ended, end } = endOf();
  worker.addEventListener('error', () => end(threadEnded(false)));
  return {
    service: remoteService(worker, ended),
    close: () => {
      end(threadEnded(true));
      worker.terminate();
    },
  };
}

function openParser(): Parser {
  const worker = new Worker(new URL('../parse.worker.ts', import.meta.url), { type: 'module' });
  const { ended, end } = endOf();
  worker.addEventListener('error', () => end(parserEnded()));
  return {
    service: remoteParser(worker, ended),
    close: (reason) => {
      end(reason);
      worker.terminate();
    },
  };
}
