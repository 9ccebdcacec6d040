import { distil } from '../../src/compression/steps/distil';
import { repair } from '../../src/compression/steps/repair';
import { distilOverThreads } from './distil';
import type { SpreadStep } from './job';
import { repairOverThreads } from './repair';

/** Steps that more than one thread takes, by the ids of their kinds; every other one is one run. */
export const spreadSteps: Readonly<Record<string, SpreadStep>> = {
  [distil.id]: distilOverThreads,
  [repair.id]: repairOverThreads,
};
