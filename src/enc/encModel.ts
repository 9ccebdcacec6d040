import { boundedSearch } from './boundedSearch';
import { wholeQuality } from './curve';
import { planAtTarget, type LevelLadder } from './levels';
import { planOfChoices, type Plan } from './plan';

/** The space that ENC-Model searches. */
export interface ModelSpace {
  /**
   * δs: ranks lie between ENC-Map's answers at target − δs and target + δs, shares of the original's cost;
   * null searches every rank.
   */
  readonly spread: number | null;
  /** δm: the plan costs at least (1 − δm) of the target, and never more than the target. */
  readonly slack: number;
}

/** The paper's space with its defaults. */
export const paperSpace: ModelSpace = { spread: 0.1, slack: 0.005 };

/** Every rank of every layer: as cheap to search, and right where the metric means the same far from ENC-Map. */
export const wholeSpace: ModelSpace = { spread: null, slack: 0.005 };

/** A plan of ENC-Model with the quality that it maximises: A_p, A_m or A_d, the product of the layers' qualities. */
export interface ModelPlan extends Plan {
  readonly quality: number;
}

/** Least quality that a logarithm is taken of; the energy of rank 1 is 0 by definition. */
const minQuality = 1e-12;

/**
 * ENC-Model (paper, section 4.2): among the configurations of the space, those with the greatest whole-network
 * quality, best first.
 *
 * The paper samples this space for about three minutes: it groups layers, keeps one group sum in 20 and one
 * candidate in 100, and scores what is left. Here log A is a sum over layers, so dynamic programming over cost
 * solves the same problem exactly, in milliseconds, and the same table yields the next best plans. Layers of
 * equal cost are no special case, nothing is random, and the first convolution takes part unless it is kept.
 *
 * @param ladder ENC-Map's, which bounds the space and says which cost is spent
 * @param qualities of every choice of every layer
 * @param target share of what the original network costs
 * @param count how many plans; fewer come back where the space holds fewer, none where it is empty
 * @param most steps that the search may take, see `boundedSearch`
 */
export function encModelPlans(
  ladder: LevelLadder,
  qualities: readonly Float64Array[],
  target: number,
  space: ModelSpace,
  count: number,
  most?: number,
): ModelPlan[] {
  const { problem, cost } = ladder;
  const budget = { cost, share: target };
  const [low, high] = box(ladder, target, space);
  const logs = logQualities(qualities).map((own, layer) => own.slice(low[layer], high[layer] + 1));
  const { answers, gap } = boundedSearch(problem, logs, low, high, budget, space.slack, count, most);
  return answers.map((choices) => ({
    ...planOfChoices(problem, 'model', budget, choices),
    quality: wholeQuality(qualities, choices),
    ...(gap > 0 ? { gap } : {}),
  }));
}

/** Logarithms of qualities, whose sum over layers orders plans. */
export function logQualities(qualities: readonly Float64Array[]): readonly Float64Array[] {
  return qualities.map((quality) => quality.map((value) => Math.log(Math.max(value, minQuality))));
}

/** First and last choice of every layer that the space holds. */
function box(ladder: LevelLadder, target: number, { spread }: ModelSpace): [Int32Array, Int32Array] {
  const { layers } = ladder.problem;
  if (spread === null) {
    return [new Int32Array(layers.length), Int32Array.from(layers, ({ ranks }) => ranks.length - 1)];
  }
  const at = (share: number) => planAtTarget(ladder, 'map', share).choices;
  const low = at(target - spread);
  const high = at(target + spread);
  // What rounding left over may lift a layer of the lower plan above the higher one's.
  return [
    low.map((choice, layer) => Math.min(choice, high[layer])),
    high.map((choice, layer) => Math.max(choice, low[layer])),
  ];
}
