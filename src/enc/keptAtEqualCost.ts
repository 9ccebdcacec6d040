/**
 * How much of a kernel two factors keep, in the mean over everything that the layer may cost: the integral, over costs
 * from none to the layer's own, of the squares of the singular values that are kept at that cost, as a share of the
 * layer's own. The squares of a whole kernel have one sum, however it is unfolded, so of two ways to split a layer the
 * one with the greater value leaves the smaller error at equal cost.
 *
 * @param singularValues descending
 * @param costs of each rank that is of use, from the first on, never falling
 * @param whole what the layer itself costs
 */
export function keptAtEqualCost(
  singularValues: ArrayLike<number>,
  costs: ArrayLike<number>,
  whole: number,
): number {
  let sum = 0;
  for (let rank = 1; rank <= Math.min(singularValues.length, costs.length) && costs[rank - 1] < whole; rank++)
    sum += singularValues[rank - 1] ** 2 * (1 - costs[rank - 1] / whole);
  return sum;
}
