import { createRegistry } from '../../network/registry';
import type { BackgroundJob, BackgroundTask } from '../background';
import { byBytes } from './byBytes';
import { classOrder } from './classOrder';
import { detect } from './detect';
import { distil, distilPacing } from './distil';
import { factorise } from './factorise';
import { fullPlans } from './fullPlans';
import { latency } from './latency';
import { layerTimes } from './layerTimes';
import { lossless } from './lossless';
import { measure } from './measure';
import { multiples } from './multiples';
import { race } from './race';
import { repair } from './repair';
import { sweep } from './sweep';

/** A background job as the registry lists it: under its kind. */
export type JobEntry = BackgroundJob & { readonly id: string };

/** Makes a job an entry; what its tasks hold is its own business. */
export function jobEntry<Task extends BackgroundTask>(job: BackgroundJob<Task>): JobEntry {
  // A job is handed its own tasks only: those that it said were wanted.
  return { ...(job as unknown as BackgroundJob), id: job.kind };
}

/** Jobs whose findings stand in documents. */
export function lastingJobs(): readonly JobEntry[] {
  return backgroundJobs.all.filter(({ isForPage }) => !isForPage);
}

/** Everything that the studio does by itself. */
export const backgroundJobs = createRegistry<JobEntry>('background job', [
  jobEntry(factorise),
  jobEntry(layerTimes),
  jobEntry(fullPlans),
  jobEntry(detect),
  jobEntry(classOrder),
  jobEntry(measure),
  jobEntry(race),
  jobEntry(repair),
  jobEntry(latency),
  jobEntry(multiples),
  jobEntry(lossless),
  jobEntry(distil),
  jobEntry(distilPacing),
  jobEntry(byBytes),
  jobEntry(sweep),
]);
