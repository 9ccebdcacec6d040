import { createRegistry } from '../../network/registry';
import type { BackgroundJob } from '../background';
import { detect } from './detect';
import { factorise } from './factorise';
import { measure } from './measure';
import { race } from './race';
import { repair } from './repair';
import { sweep } from './sweep';

/** Everything that the studio does by itself. */
export const backgroundJobs = createRegistry<BackgroundJob & { readonly id: string }>(
  'background job',
  [factorise, detect, measure, race, repair, sweep].map((job) => ({
    ...(job as BackgroundJob),
    id: job.kind,
  })),
);
