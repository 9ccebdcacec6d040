/** What one element of a list of work costs, in one unit for all. */
export interface ElementCost {
  /** For the element itself. */
  readonly own: number;
  /** To begin with it. */
  readonly start: number;
  /** To go on with it from the element before it. */
  readonly step: number;
}

/** A run of consecutive elements and what it costs. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly cost: number;
}

/** Halvings of the interval in which the least bound lies; doubles hold no more. */
const halvings = 60;

/**
 * Cuts a list into runs of consecutive elements so that the dearest run is nearly as cheap as it can be: it costs at
 * most the dearest beginning more. Runs stay whole because what an element needs is at hand after the one before it.
 * The answer depends on the costs alone.
 *
 * Method: runs are as long as a bound allows, and the least bound that does with so many runs is found by bisection.
 *
 * @param count runs to answer; those that nothing is left for are empty
 */
export function partition(costs: readonly ElementCost[], count: number): readonly Run[] {
  let low = 0;
  let best = greedyRuns(costs, Infinity);
  let high = dearest(best);
  for (let halving = 0; halving < halvings && low < high; halving++) {
    const bound = (low + high) / 2;
    const runs = greedyRuns(costs, bound);
    if (runs.length <= count && dearest(runs) <= bound) {
      best = runs;
      high = dearest(runs);
    } else low = bound;
  }
  const empty: Run = { from: costs.length, to: costs.length, cost: 0 };
  return Array.from({ length: count }, (_, index) => best[index] ?? empty);
}

/** Runs that are each as long as the bound allows. */
function greedyRuns(costs: readonly ElementCost[], bound: number): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < costs.length;) {
    let cost = costs[from].start + costs[from].own;
    let to = from + 1;
    while (to < costs.length && cost + costs[to].step + costs[to].own <= bound) {
      cost += costs[to].step + costs[to].own;
      to++;
    }
    runs.push({ from, to, cost });
    from = to;
  }
  return runs;
}

function dearest(runs: readonly Run[]): number {
  return runs.reduce((most, { cost }) => Math.max(most, cost), 0);
}
