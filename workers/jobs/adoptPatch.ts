import { adoptPatchKind } from '../protocol/patches';
import { defineJob } from './job';

/** Puts what a step made to every thread. */
export const adoptPatchJob = defineJob(adoptPatchKind, async (pool, { network, key, patch }) => {
  await pool.put({ kind: 'patches', network, patches: [{ key, patch }], isRepeatable: true });
  return null;
});
