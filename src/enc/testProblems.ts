import { perCost, type PerCost } from './costs';
import type { SelectableLayer, SelectionProblem } from './problem';

/** A layer of a test: its quality by rank, and the costs of every choice, the original layer last. */
export interface TestLayer {
  readonly rankMax: number;
  readonly costs: PerCost<readonly number[]>;
}

/** The same value under the name of every cost. */
export function sameCosts<T>(value: T): PerCost<T> {
  return perCost(() => value);
}

/** A problem of some layers, with the same cost of what is kept under every name. */
export function testProblem(layers: readonly TestLayer[], kept: number): SelectionProblem {
  const selectable = layers.map(({ rankMax, costs }, index): SelectableLayer => {
    const ranks = Array.from({ length: rankMax }, (_, rank) => rank + 1);
    return {
      name: `layer${index}`,
      rankMax,
      ranks: [...ranks, null],
      costs: perCost(({ id }) => Float64Array.from(costs[id])),
    };
  });
  return {
    layers: selectable,
    kept: [],
    keptCosts: sameCosts(kept),
    totals: perCost(({ id }) => layers.reduce((sum, { costs }) => sum + (costs[id].at(-1) ?? 0), kept)),
  };
}
