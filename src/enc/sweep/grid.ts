/** Ranks of a layer that are measured before any other layer is refined. */
export const coarsePoints = 5;

/** How much closer the ranks of a grid lie at the lower end, where curves are steep. */
const crowding = 1.5;

/**
 * Ranks to measure, rising: always 1 and r_max, and in between closer together at the lower end. Fewer than
 * asked for where the layer has no more ranks.
 *
 * @param rankMax largest rank worth choosing, at least 1
 * @param points most ranks in the grid, at least 2
 */
export function rankGrid(rankMax: number, points: number): number[] {
  const count = Math.min(points, rankMax);
  if (count === rankMax) return Array.from({ length: rankMax }, (_, index) => index + 1);
  const ranks: number[] = [];
  for (let index = 0; index < count; index++) {
    const share = (index / (count - 1)) ** crowding;
    const ideal = Math.round(1 + share * (rankMax - 1));
    // Rounding must neither repeat a rank nor leave too few ranks for the points that follow.
    const min = index === 0 ? 1 : ranks[index - 1] + 1;
    ranks.push(Math.min(Math.max(ideal, min), rankMax - (count - 1 - index)));
  }
  return ranks;
}

/**
 * The grid that every layer gets first.
 *
 * @param most ranks that a layer may be measured at in all
 */
export function coarseGrid(rankMax: number, max = Infinity): number[] {
  return rankGrid(rankMax, Math.min(coarsePoints, max));
}
