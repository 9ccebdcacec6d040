/**
 * How much of a kernel two factors keep, in the mean over everything that the layer may cost: the integral, over MACs
 * from none to the layer's own, of the squares of the singular values that are kept at that cost, as a share of those
 * MACs. The squares of a whole kernel have one sum, however it is unfolded, so of two ways to split a layer the one with
 * the greater value leaves the smaller error at equal cost.
 *
 * @param singularValues descending
 * @param macsPerRank what each rank costs
 * @param macs of the layer itself
 */
export function keptAtEqualCost(
  singularValues: ArrayLike<number>,
  { macsPerRank, macs }: { readonly macsPerRank: number; readonly macs: number },
): number {
  let sum = 0;
  for (let rank = 1; rank <= singularValues.length && rank * macsPerRank < macs; rank++)
    sum += singularValues[rank - 1] ** 2 * (1 - (rank * macsPerRank) / macs);
  return sum;
}
