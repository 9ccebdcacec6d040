import type { SelectionProblem } from './problem';

/** Id of a metric (see src/compression/metrics): what a curve's quality was computed from. */
export type Metric = string;

/** Quality of one layer at every rank, the original layer being 1 (paper, section 3; README, "How it works"). */
export interface Curve {
  readonly layer: string;
  readonly metric: Metric;
  /** Quality at rank r stands at index r − 1, for r = 1 … r_max: between 0 and 1, never falling. */
  readonly quality: Float64Array;
}

/**
 * Energy curve y_p(r) = (s(r) − s(1)) / (s(r_max) − s(1)), s being the running sum of the singular values, not
 * squared (the authors' code and tables).
 *
 * @param singularValues of the unfolded kernel, descending, at least r_max of them
 * @param rankMax largest rank worth choosing
 */
export function energyCurve(layer: string, singularValues: ArrayLike<number>, rankMax: number): Curve {
  const quality = new Float64Array(rankMax);
  let sum = 0;
  for (let index = 1; index < rankMax; index++) {
    sum += singularValues[index];
    quality[index] = sum;
  }
  // A kernel of rank 1 (or zero) is already whole at its first rank.
  if (sum > 0) for (let index = 0; index < rankMax; index++) quality[index] /= sum;
  else quality.fill(1);
  return { layer, metric: 'energy', quality };
}

/**
 * Qualities of every choice of every layer: the curve at each rank, and 1 for the original layer.
 *
 * @throws Error where a layer of the problem has no curve
 */
export function choiceQualities(
  problem: SelectionProblem,
  curves: ReadonlyMap<string, Curve>,
): readonly Float64Array[] {
  return problem.layers.map((layer) => {
    const curve = curves.get(layer.name);
    if (!curve) throw new Error(`choiceQualities: expected a curve for layer ${layer.name}, found none`);
    return Float64Array.from(layer.ranks, (rank) => (rank === null ? 1 : curve.quality[rank - 1]));
  });
}

/**
 * Quality of the whole network, the product of the layers' (A_p, A_m, A_d of the paper's section 4 and of
 * README, "How it works"). It is a prediction.
 */
export function wholeQuality(qualities: readonly Float64Array[], choices: ArrayLike<number>): number {
  return qualities.reduce((product, quality, index) => product * quality[choices[index]], 1);
}
