/** What the Lagrangian relaxation of a budget says about every choice. */
export interface LagrangeBound {
  /** No answer within the budget is worth more. */
  readonly value: number;
  /** Per layer and choice: no answer that contains it is worth more than `value` less this. */
  readonly losses: readonly Float64Array[];
  readonly greatestLoss: number;
  /** Worth of a unit of cost; the bound is the least at this price. */
  readonly price: number;
  /** Per layer, the choice worth most at the price; together they are within the budget where anything is. */
  readonly favourites: Int32Array;
  /** Per layer, what its favourite is worth: value − price · cost. */
  readonly worths: Float64Array;
}

/**
 * Relaxes "total cost within the budget" to a price per unit of cost. At any price λ ≥ 0, Σ max (value − λ cost) + λ
 * budget bounds every answer from above; the price with the least bound is found by bisection on whether the
 * layers' favourites overspend.
 *
 * @param costs per layer and choice, rising within a layer
 * @param values per layer and choice
 */
export function lagrangeBound(
  costs: readonly Float64Array[],
  values: readonly Float64Array[],
  budget: number,
): LagrangeBound {
  const price = bestPrice(costs, values, budget);
  const favourites = Int32Array.from(costs, (cost, layer) => favourite(cost, values[layer], price));
  const worth = (layer: number, choice: number) => values[layer][choice] - price * costs[layer][choice];
  const worths = Float64Array.from(favourites, (choice, layer) => worth(layer, choice));
  const losses = costs.map((cost, layer) => cost.map((_, choice) => worths[layer] - worth(layer, choice)));
  return {
    value: worths.reduce((sum, own) => sum + own, price * budget),
    losses,
    greatestLoss: losses.reduce((max, layer) => layer.reduce((a, b) => Math.max(a, b), max), 0),
    price,
    favourites,
    worths,
  };
}

function bestPrice(costs: readonly Float64Array[], values: readonly Float64Array[], budget: number): number {
  const spent = (price: number) =>
    costs.reduce((sum, cost, layer) => sum + cost[favourite(cost, values[layer], price)], 0);
  if (spent(0) <= budget) return 0;
  let high = steepest(costs, values);
  let low = 0;
  // Prices span many powers of ten, and half as many bits as a float64 has are plenty for a bound.
  for (let halving = 0; halving < 40; halving++) {
    const middle = low === 0 ? high / 1024 : Math.sqrt(low * high);
    if (spent(middle) > budget) low = middle;
    else high = middle;
    if (high <= low * (1 + 1e-6) || high < 1e-300) break;
  }
  return high;
}

/** A price above every gain per unit of cost, at which each layer prefers its cheapest choice. */
function steepest(costs: readonly Float64Array[], values: readonly Float64Array[]): number {
  let max = 0;
  costs.forEach((cost, layer) => {
    for (let choice = 1; choice < cost.length; choice++) {
      max = Math.max(max, (values[layer][choice] - values[layer][0]) / (cost[choice] - cost[0]));
    }
  });
  return max * (1 + 1e-9);
}

/** The choice worth most at a price; the cheapest of equals. */
function favourite(cost: Float64Array, value: Float64Array, price: number): number {
  let best = 0;
  let bestWorth = value[0] - price * cost[0];
  for (let choice = 1; choice < cost.length; choice++) {
    const worth = value[choice] - price * cost[choice];
    if (worth > bestWorth) {
      best = choice;
      bestWorth = worth;
    }
  }
  return best;
}

/** A gap to the bound, widened: rounding must not drop the very answer that a gap was drawn for. */
export const withMargin = (gap: number): number => gap * (1 + 1e-9) + 1e-11;

/** Places of the choices that lose no more than a gap. */
export function positionsWithin(losses: Float64Array, gap: number): Int32Array {
  const positions: number[] = [];
  losses.forEach((loss, position) => {
    if (loss <= gap) positions.push(position);
  });
  return Int32Array.from(positions);
}
