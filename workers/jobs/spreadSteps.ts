import { distil } from '../../src/compression/steps/distil';
import { distilOverThreads } from './distil';
import type { SpreadStep } from './job';

/** Steps that more than one thread takes, by the ids of their kinds; every other one is one run. */
export const spreadSteps: Readonly<Record<string, SpreadStep>> = { [distil.id]: distilOverThreads };
