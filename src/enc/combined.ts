import { wholeQuality } from './curve';
import { ranksKey, type Plan } from './plan';

/** A plan with the combined metric A_c and its two parts. */
export interface CombinedPlan extends Plan {
  readonly quality: number;
  readonly energy: number;
  readonly measured: number;
}

/** Weights of log A_p in the blends that fill the pool; A_m has the rest. */
const blends = [0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1];

/**
 * The best plans by A_c = A_p · C(R) / C_orig + A_m (paper, section 4.2). A_c is not a sum over layers, so it
 * ranks a pool: the best by A_p, by A_m, and by blends of their logarithms, each found exactly.
 *
 * @param find the plans with the greatest product of some qualities, best first
 * @param energy qualities y_p of every choice of every layer
 * @param measured qualities y_m
 * @param poolSize plans taken from each blend
 */
export function combinedPlans(
  find: (qualities: readonly Float64Array[], count: number) => readonly Plan[],
  energy: readonly Float64Array[],
  measured: readonly Float64Array[],
  count: number,
  poolSize = 40,
): CombinedPlan[] {
  const pool = new Map<string, CombinedPlan>();
  for (const weight of blends) {
    const blended = energy.map((quality, layer) =>
      quality.map((value, choice) => value ** weight * measured[layer][choice] ** (1 - weight)),
    );
    for (const plan of find(blended, poolSize)) {
      const scored = {
        energy: wholeQuality(energy, plan.choices),
        measured: wholeQuality(measured, plan.choices),
      };
      const quality = scored.energy * plan.achieved + scored.measured;
      pool.set(ranksKey(plan.ranks), { ...plan, ...scored, quality });
    }
  }
  return [...pool.values()].sort((a, b) => b.quality - a.quality).slice(0, count);
}
