import { adoptFactorsKind } from '../protocol/factors';
import { defineJob } from './job';

/** Puts factors to every thread. */
export const adoptFactorsJob = defineJob(adoptFactorsKind, async (pool, { network, factors }) => {
  for (const own of factors) await pool.put({ kind: 'factors', network, factors: [own] });
  return null;
});
