import type { FailureError } from '../../src/network/failure';
import { PooledStudio } from '../pool/pooledStudio';
import type { Parser } from '../pool/parsing';
import { parserLost, remoteCourse, remoteParser, remoteService } from '../pool/remoteService';
import { studioClosed, threadEnd, threadLost, type Thread, type ThreadEnd } from '../pool/threads';
import type { CourseThread } from '../protocol/course';
import type { Studio } from '../protocol/studio';
import { whenGone, type Watched } from './lifeline';

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
    openCourse,
    threads,
    ...(onNote ? { onNote } : {}),
  });
}

function openComputeWorker(): Worker {
  return new Worker(new URL('../compute.worker.ts', import.meta.url), { type: 'module' });
}

function openThread(worker: Worker): Thread {
  const { ended, failed, end } = threadEnd();
  const close = watch({ worker, name: 'a compute thread', lost: threadLost }, end);
  return { service: remoteService(worker, failed), ended, close };
}

function openParser(): Parser {
  const worker = new Worker(new URL('../parse.worker.ts', import.meta.url), { type: 'module' });
  const { failed, end } = threadEnd();
  const close = watch({ worker, name: 'the readers of files', lost: parserLost }, end);
  return { service: remoteParser(worker, failed), close };
}

function openCourse(): CourseThread {
  const worker = new Worker(new URL('../course.worker.ts', import.meta.url), { type: 'module' });
  const { failed, end } = threadEnd();
  const close = watch({ worker, name: 'the optimiser of distillation', lost: threadLost }, end);
  return { service: remoteCourse(worker, failed), close: () => close(studioClosed()) };
}

/** Tells of a worker's end. @returns ends it */
function watch(watched: Watched, end: ThreadEnd['end']): (reason: FailureError) => void {
  const stop = new AbortController();
  void whenGone(watched, stop.signal, end);
  return (reason) => {
    end(reason);
    stop.abort();
    watched.worker.terminate();
  };
}
