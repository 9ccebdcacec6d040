import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { Worker } from 'node:worker_threads';
import { bytesText, type NamedFile } from '../src/formats/file';
import { FailureError } from '../src/network/failure';
import type { Parser } from '../workers/pool/parsing';
import { parserLost, remoteParser } from '../workers/pool/remoteService';
import { threadEnd } from '../workers/pool/threads';
import type { ParseService } from '../workers/protocol/parse';

/** How much memory reading may take. */
export interface MemoryLimits {
  /** Bytes by which the process may grow while files are read: for any files, and for each of their bytes. */
  readonly any: number;
  readonly perByte: number;
  /** Objects in a parser's heap, in MiB; pixels and weights lie outside of it. */
  readonly heap: number;
}

const limits: MemoryLimits = { any: 2 ** 31, perByte: 8, heap: 2048 };
const watchEveryMs = 100;

/**
 * Parsers in a thread of their own, which ends when they take too much memory or are closed.
 *
 * @param modules addresses of modules that it loads first
 */
export function openParser(
  modules: readonly string[],
  memory: MemoryLimits = limits,
): Parser & { readonly worker: Worker } {
  const worker = new Worker(new URL('./parse.thread.mjs', import.meta.url), {
    workerData: { modules },
    resourceLimits: { maxOldGenerationSizeMb: memory.heap },
  });
  const { failed, end } = threadEnd();
  worker.on('error', () => end(parserLost()));
  worker.on('exit', () => end(parserLost()));
  const close = (reason: Error) => {
    end(reason);
    void worker.terminate();
  };
  return { service: watched(remoteParser(nodeEndpoint(worker), failed), memory, close), close, worker };
}

/** The same parsers, ended where a file makes the process grow beyond measure. */
function watched(
  service: ParseService,
  memory: MemoryLimits,
  close: (reason: FailureError) => void,
): ParseService {
  const watch = async <T>(files: readonly NamedFile[], call: () => Promise<T>): Promise<T> => {
    const limit = memory.any + memory.perByte * files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const before = process.memoryUsage.rss();
    const timer = setInterval(() => {
      if (process.memoryUsage.rss() - before > limit) close(tooLarge(files, limit));
    }, watchEveryMs);
    try {
      return await call();
    } finally {
      clearInterval(timer);
    }
  };
  return {
    ready: () => service.ready(),
    sortFiles: (files) => watch(files, () => service.sortFiles(files)),
    operatorTable: () => service.operatorTable(),
    readNetwork: (files, options) => watch(files, () => service.readNetwork(files, options)),
    parseNetwork: (files, options) => watch(files, () => service.parseNetwork(files, options)),
    parseImages: (files, wanted, reading) => watch(files, () => service.parseImages(files, wanted, reading)),
  };
}

function tooLarge(files: readonly NamedFile[], limit: number): FailureError {
  const name = files[0] ? `${files[0].name}: ` : '';
  return new FailureError(
    'unreadable-file',
    `${name}expected to be read in ${bytesText(limit)} of memory at this size, found more and stopped reading; the file may be damaged, or open a part of it.`,
  );
}
