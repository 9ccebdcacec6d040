import { PooledStudio } from '../pool/pooledStudio';
import type { Parser } from '../pool/parsing';
import { parserEnded, remoteParser, remoteService } from '../pool/remoteService';
import { threadEnd, threadLost, type Thread } from '../pool/threads';
import type { Studio } from '../protocol/studio';
import { whenGone } from './lifeline';

/** More threads than this gain little and hold a copy of the network each. */
const maxThreads = 8;

/** What a benchmark or a test may want to be otherwise. */
export interface StudioOptions {
  /** Opens a compute worker that tells or does more than the studio's own. */
  readonly openWorker?: () => Worker;
  /** Most threads where the processor computes; one per core unless given. */
  readonly threads?: number;
  /** Told a sentence when a thread could not be replaced. */
  readonly onNote?: (sentence: string) => void;
}

/** The studio of a page: compute workers, one per core. */
export function createStudio(options: StudioOptions = {}): Studio {
  const { openWorker = openComputeWorker, onNote } = options;
  const threads = options.threads ?? Math.min(navigator.hardwareConcurrency, maxThreads);
  return new PooledStudio({
    openThread: () => openThread(openWorker()),
    openParser,
    threads,
    ...(onNote ? { onNote } : {}),
  });
}

function openComputeWorker(): Worker {
  return new Worker(new URL('../compute.worker.ts', import.meta.url), { type: 'module' });
}

function openThread(worker: Worker): Thread {
  const { ended, failed, end } = threadEnd();
  const watch = new AbortController();
  void whenGone(worker, watch.signal, (cause) => end(threadLost(cause)));
  return {
    service: remoteService(worker, failed),
    ended,
    close: (reason) => {
      end(reason);
      watch.abort();
      worker.terminate();
    },
  };
}

function openParser(): Parser {
  const worker = new Worker(new URL('../parse.worker.ts', import.meta.url), { type: 'module' });
  const { failed, end } = threadEnd();
  worker.addEventListener('error', () => end(parserEnded()));
  return {
    service: remoteParser(worker, failed),
    close: (reason) => {
      end(reason);
      worker.terminate();
    },
  };
}
