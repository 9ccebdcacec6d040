import { recipeKey } from '../../src/compression/recipe';
import { repairKind, repairWalkKind, type RepairCheckpoint } from '../protocol/repair';
import { defineJob } from './job';

/** Repairs on one thread, layer by layer; on another one it goes on behind the last layer that was told. */
export const repairJob = defineJob(repairKind, async (pool, { recipe }, { onProgress }) => {
  const key = recipeKey(recipe);
  const { network } = recipe;
  const finished: RepairCheckpoint[] = [];
  const { layers, divergence, isRepaired } = await pool.unit(
    repairWalkKind,
    { recipe, resume: [] },
    {
      onProgress,
      onEvent: (checkpoint) => finished.push(checkpoint),
      again: () => ({ recipe, resume: finished }),
      makes: ({ patch }) => ({ kind: 'patches', network, patches: [{ key, patch }] }),
    },
  );
  return { key, layers, divergence, isRepaired };
});
