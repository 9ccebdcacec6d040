import { moved } from '../pool/moved';
import type { ComputeService } from '../protocol/compute';
import { runs } from '../runs';

/** A thread's service whose results are moved where nobody keeps them in the thread. */
export function movingCompute(service: ComputeService): ComputeService {
  return {
    start: (request) => service.start(request),
    put: (artefact) => service.put(artefact),
    release: (artefact) => service.release(artefact),
    run: async (job, kind, ...given) => {
      const outcome = await service.run(job, kind, ...given);
      return outcome.ok && runs.find(kind)?.isMoved ? moved(outcome) : outcome;
    },
    cancel: (job) => service.cancel(job),
  };
}
