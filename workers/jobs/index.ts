import { createRegistry } from '../protocol/registry';
import { evaluateJob } from './evaluate';
import { factoriseJob } from './factorise';
import type { JobEntry } from './job';
import { raceJob } from './race';
import { repairJob } from './repair';
import { sweepJob } from './sweep';

/** What is spread over threads, by the names of the kinds; every other kind runs as one unit. */
export const jobs = createRegistry<JobEntry>(
  ({ kind }) => kind.name,
  [factoriseJob, evaluateJob, sweepJob, raceJob, repairJob],
);
