import { proxy, wrap, type Endpoint } from 'comlink';
import { FailureError } from '../../src/network/failure';
import type { ParseService } from '../protocol/parse';
import type { ComputeService } from '../protocol/service';

/**
 * The service at the other end of a channel. comlink leaves the calls of a thread that died or was ended
 * pending for ever (comlink issues 428 and 601), so each is raced against that event.
 *
 * @param ended rejects when the thread dies or is ended
 */
export function remoteService(endpoint: Endpoint, ended: Promise<never>): ComputeService {
  // comlink's own type splits every union of results into a union of promises; the values are the same.
  const remote = wrap(endpoint) as unknown as ComputeService;
  const settle = <T>(call: Promise<T>): Promise<T> => Promise.race([call, ended]);
  return {
    startBackend: (...parameters) => settle(remote.startBackend(...parameters)),
    acceptNetwork: (...parameters) => settle(remote.acceptNetwork(...parameters)),
    openImages: (...parameters) => settle(remote.openImages(...parameters)),
    factorise: (...parameters) => settle(remote.factorise(...parameters)),
    acceptFactors: (...parameters) => settle(remote.acceptFactors(...parameters)),
    evaluate: (job, request, onProgress) => settle(remote.evaluate(job, request, proxy(onProgress))),
    exportNetwork: (job, request, onProgress) =>
      settle(remote.exportNetwork(job, request, proxy(onProgress))),
    sweep: (...parameters) => settle(remote.sweep(...parameters)),
    endSweep: (job) => settle(remote.endSweep(job)),
    repair: (job, task, onProgress) => settle(remote.repair(job, task, proxy(onProgress))),
    fitRanks: (job, task, onProgress) => settle(remote.fitRanks(job, task, proxy(onProgress))),
    acceptFits: (...parameters) => settle(remote.acceptFits(...parameters)),
    acceptRepair: (...parameters) => settle(remote.acceptRepair(...parameters)),
    cancel: (job) => settle(remote.cancel(job)),
    thumbnails: (...parameters) => settle(remote.thumbnails(...parameters)),
  };
}

/** The parsers at the other end of a channel; see {@link remoteService}. */
export function remoteParser(endpoint: Endpoint, ended: Promise<never>): ParseService {
  const remote = wrap(endpoint) as unknown as ParseService;
  const settle = <T>(call: Promise<T>): Promise<T> => Promise.race([call, ended]);
  return {
    sortFiles: (files) => settle(remote.sortFiles(files)),
    operatorTable: () => settle(remote.operatorTable()),
    parseNetwork: (files) => settle(remote.parseNetwork(files)),
  };
}

/** Why a parser's call settles when its worker died. */
export function parserEnded(): FailureError {
  return new FailureError(
    'unreadable-file',
    'Reading these files stopped the parser, most likely for lack of memory; they may be damaged or too large.',
  );
}

/** Why calls settle when a thread ended on purpose or died. */
export function threadEnded(isDeliberate: boolean): FailureError {
  return isDeliberate
    ? new FailureError('cancelled', 'The studio was closed.')
    : new FailureError(
        'out-of-memory',
        'A compute thread stopped, most likely for lack of memory; reload the page and use fewer images.',
      );
}
