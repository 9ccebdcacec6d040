import { createRegistry } from '../../src/network/registry';
import { adoptFactorsJob } from './adoptFactors';
import { adoptPatchJob } from './adoptPatch';
import { distilPaceJob } from './distil';
import { evaluateJob } from './evaluate';
import { factoriseJob } from './factorise';
import type { JobEntry } from './job';
import { raceJob } from './race';
import { stepJob } from './step';
import { sweepJob } from './sweep';
import { sweepTasksJob } from './sweepTasks';

/** What is spread over threads, by the names of the kinds; every other kind runs as one unit. */
export const jobs = createRegistry<JobEntry>('job that is spread over threads', [
  factoriseJob,
  adoptFactorsJob,
  adoptPatchJob,
  evaluateJob,
  sweepJob,
  sweepTasksJob,
  raceJob,
  stepJob,
  distilPaceJob,
]);
