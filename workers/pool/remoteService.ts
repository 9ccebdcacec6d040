import { proxy, wrap, type Endpoint } from 'comlink';
import { FailureError } from '../../src/network/failure';
import type { ComputeService } from '../protocol/compute';
import { moved } from './moved';
import type { CourseService } from '../protocol/course';
import type { ParseService } from '../protocol/parse';
import { unlessFailed } from './unlessFailed';

/**
 * The service at the other end of a channel. comlink leaves the calls of a thread that died or was ended
 * pending for ever (comlink issues 428 and 601), so each fails with that event.
 *
 * @param failed rejects when the thread dies or is ended
 */
export function remoteService(endpoint: Endpoint, failed: Promise<never>): ComputeService {
  // comlink's own type splits every union of results into a union of promises; the values are the same.
  const remote = wrap(endpoint) as unknown as ComputeService;
  const settle = unlessFailed(failed);
  return {
    start: (request) => settle(remote.start(request)),
    put: (artefact) => settle(remote.put(artefact)),
    release: (artefact) => settle(remote.release(artefact)),
    run: (job, kind, task, onProgress, onEvent) =>
      settle(remote.run(job, kind, task, proxy(onProgress), proxy(onEvent))),
    cancel: (job) => settle(remote.cancel(job)),
  };
}

/** The parsers at the other end of a channel; see {@link remoteService}. */
export function remoteParser(endpoint: Endpoint, failed: Promise<never>): ParseService {
  const remote = wrap(endpoint) as unknown as ParseService;
  const settle = unlessFailed(failed);
  return {
    ready: () => settle(remote.ready()),
    sortFiles: (files) => settle(remote.sortFiles(files)),
    operatorTable: () => settle(remote.operatorTable()),
    readNetwork: (files, options) => settle(remote.readNetwork(files, options)),
    parseNetwork: (files, options) => settle(remote.parseNetwork(files, options)),
    parseImages: (files, wanted, reading) => settle(remote.parseImages(files, wanted, reading)),
  };
}

/** The courses at the other end of a channel; see {@link remoteService}. What threads have computed is moved there. */
export function remoteCourse(endpoint: Endpoint, failed: Promise<never>): CourseService {
  const remote = wrap(endpoint) as unknown as CourseService;
  const settle = unlessFailed(failed);
  return {
    run: (task, gradient, judge, onEpoch, onProgress) => {
      const moving: typeof gradient = async (...given) => {
        const answer = await gradient(...given);
        return answer && moved(answer);
      };
      return settle(remote.run(task, proxy(moving), proxy(judge), proxy(onEpoch), proxy(onProgress)));
    },
    repair: (task, ask, onProgress) => {
      const moving: typeof ask = async (question) => {
        const answer = await ask(question);
        return answer && moved(answer);
      };
      return settle(remote.repair(task, proxy(moving), proxy(onProgress)));
    },
  };
}

/** Why a parser's call settles when its thread died; {@link Parsing} says what that means for the files. */
export function parserLost(): FailureError {
  return new FailureError('thread-lost', 'A thread that reads files stopped; open them again.');
}
