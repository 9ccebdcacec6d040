import { planOfChoices, type Method, type Plan } from './plan';
import type { SelectionProblem } from './problem';

/**
 * A ladder of all upgrades in the order in which a common quality level rises. Building it once per set of
 * curves makes a plan for any target one walk over the ladder.
 */
export interface LevelLadder {
  readonly problem: SelectionProblem;
  /** Layer that each step upgrades by one choice, in the order of rising level. */
  readonly layerOfStep: Int32Array;
  /** MACs that each step adds. */
  readonly macsOfStep: Float64Array;
  /** MACs of the network with every layer at its first choice. */
  readonly minMacs: number;
}

/**
 * The levels at which each layer leaves its choices, when the curve is inverted between the choices and the
 * answer rounded to the nearest: half-way between the qualities of a choice and of the next.
 *
 * @param qualities of every choice of every layer, never falling within a layer
 */
export function leavingLevels(qualities: readonly Float64Array[]): readonly Float64Array[] {
  return qualities.map((quality) =>
    quality.map((value, choice) => (value + (quality[choice + 1] ?? value)) / 2),
  );
}

/** Ranks below this share of r_max are given out last, as in the authors' programs. */
const minShare = 0.1;

/**
 * Levels under which no layer falls below a tenth of its r_max while others have ranks to lose: quality says
 * little there, since errors of several layers no longer add up. Only where the target asks for still less do
 * all layers go further down, in the order of their levels.
 *
 * @param levels at least −1 each, per layer and choice, never falling within a layer
 */
export function withRankFloor(
  { layers }: SelectionProblem,
  levels: readonly Float64Array[],
): readonly Float64Array[] {
  return layers.map(({ ranks, rankMax }, index) =>
    levels[index].map((level, choice) => {
      const rank = ranks[choice];
      const isBelow = rank !== null && rank < minShare * rankMax;
      return isBelow ? level - belowFloor : level;
    }),
  );
}

/** Farther than any two levels lie apart, so that steps below the floor come before all others. */
const belowFloor = 4;

/**
 * @param levels per layer and choice, the level above which the layer needs its next choice; never falling
 */
export function levelLadder(problem: SelectionProblem, levels: readonly Float64Array[]): LevelLadder {
  const steps: { level: number; layer: number; macs: number }[] = [];
  problem.layers.forEach((layer, index) => {
    for (let choice = 0; choice + 1 < layer.macs.length; choice++) {
      const macs = layer.macs[choice + 1] - layer.macs[choice];
      steps.push({ level: levels[index][choice], layer: index, macs });
    }
  });
  // Array.prototype.sort is stable: ties keep the network's order, and choices of a layer stay in sequence.
  steps.sort((a, b) => a.level - b.level);
  return {
    problem,
    layerOfStep: Int32Array.from(steps, (step) => step.layer),
    macsOfStep: Float64Array.from(steps, (step) => step.macs),
    minMacs: problem.layers.reduce((sum, layer) => sum + layer.macs[0], problem.keptMacs),
  };
}

/**
 * The plan at the highest common level whose cost meets the target; what rounding left over then goes to the
 * layers whose turn would come next, as long as their step fits.
 *
 * @param target share of the original MACs, 0 to 1
 */
export function planAtTarget(ladder: LevelLadder, method: Method, target: number): Plan {
  const { problem, layerOfStep, macsOfStep } = ladder;
  const choices = new Int32Array(problem.layers.length);
  const isStuck = new Uint8Array(problem.layers.length);
  // Sums of MACs are exact in float64; the tolerance covers target · total only.
  let left = target * problem.totalMacs * (1 + 1e-12) - ladder.minMacs;
  for (let step = 0; step < layerOfStep.length; step++) {
    const layer = layerOfStep[step];
    if (isStuck[layer]) continue;
    if (macsOfStep[step] > left) {
      isStuck[layer] = 1;
      continue;
    }
    choices[layer]++;
    left -= macsOfStep[step];
  }
  return planOfChoices(problem, method, target, choices);
}
