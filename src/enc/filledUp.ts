/** What an answer's cost may lie between. */
export interface CostBand {
  readonly min: number;
  readonly max: number;
}

/** Choices with what they leave of the budget spent on the greatest gains that fit. */
export function filledUp(
  costs: readonly Float64Array[],
  values: readonly Float64Array[],
  from: Int32Array,
  max: number,
): Int32Array {
  const choices = Int32Array.from(from);
  for (let cost = valueOf(costs, choices); ;) {
    const { layer, choice } = greatestGain(costs, values, choices, max - cost);
    if (layer < 0) return choices;
    cost += costs[layer][choice] - costs[layer][choices[layer]];
    choices[layer] = choice;
  }
}

/** What choices come to together, in values or in costs. */
export const valueOf = (values: readonly Float64Array[], choices: Int32Array): number =>
  choices.reduce((sum, choice, layer) => sum + values[layer][choice], 0);

/** The dearer choice that fits and gains most over the layer's present one; layer −1 where none fits. */
function greatestGain(
  costs: readonly Float64Array[],
  values: readonly Float64Array[],
  choices: Int32Array,
  left: number,
): { layer: number; choice: number } {
  const found = { layer: -1, choice: -1 };
  let max = -Infinity;
  for (let layer = 0; layer < choices.length; layer++) {
    const [cost, value, now] = [costs[layer], values[layer], choices[layer]];
    for (let choice = now + 1; choice < cost.length && cost[choice] - cost[now] <= left; choice++) {
      const gain = value[choice] - value[now];
      if (gain <= max) continue;
      max = gain;
      [found.layer, found.choice] = [layer, choice];
    }
  }
  return found;
}
