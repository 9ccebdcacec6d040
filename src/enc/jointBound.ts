/** Layers' choices under two costs: everything that a search for the best within two limits looks at. */
export interface JointChoices {
  /** Of every choice of every layer; they never fall within a layer. */
  readonly values: readonly Float64Array[];
  /** Of the two costs: per layer and choice. */
  readonly costs: readonly [readonly Float64Array[], readonly Float64Array[]];
  /** What all layers together may cost of each. */
  readonly limits: readonly [number, number];
}

/** What the Lagrangian relaxation of two limits says of every choice. */
export interface JointBound {
  /** No answer within the limits is worth more. */
  readonly value: number;
  /** Worth of a unit of each cost, at which that holds. */
  readonly prices: readonly [number, number];
  /** Per layer and choice: no answer that contains it is worth more than `value` less this. */
  readonly losses: readonly Float64Array[];
  /** The best answer within the limits that was met on the way; null for none. */
  readonly found: Int32Array | null;
}

/** What is worth most at some prices, and the bound that follows. */
export interface Priced {
  readonly choices: Int32Array;
  readonly bound: number;
  readonly value: number;
  readonly spent: readonly [number, number];
}

type Point = readonly [number, number];

/** Cuts that are tried at most: each leaves less than two thirds of where the best prices may lie. */
const maxCuts = 90;
/** A bound that is this close to the least, as a share of its size, is as good. */
const closeEnough = 1e-6;

/**
 * The least bound of two prices. At any prices λ ≥ 0, Σ max (value − λ · cost) + λ · limits bounds every answer from
 * above, and is convex in λ; what the layers' favourites spend says on which side of a line through λ the least bound
 * lies. So the polygon that holds it is cut through its centroid again and again (Grünbaum: no less than 1 − 1/e is
 * left out of 1 at worst).
 */
export function jointBound(given: JointChoices): JointBound {
  let polygon: readonly Point[] = boxOf(given);
  let best: Priced | null = null;
  let bestPrices: Point = [0, 0];
  let found: Priced | null = null;
  for (let cut = 0; cut < maxCuts; cut++) {
    const prices = cut === 0 ? ([0, 0] as const) : centroidOf(polygon);
    const own = atPrices(given, prices);
    if (best === null || own.bound < best.bound) [best, bestPrices] = [own, prices];
    if (isWithinLimits(own, given.limits) && !(found && found.value >= own.value)) found = own;
    const slope: Point = [given.limits[0] - own.spent[0], given.limits[1] - own.spent[1]];
    const rise = (at: Point) => slope[0] * (at[0] - prices[0]) + slope[1] * (at[1] - prices[1]);
    // Convexity: nowhere in the polygon is the bound less than along this slope.
    const deepest = polygon.reduce((least, at) => Math.min(least, rise(at)), 0);
    if (own.bound + deepest >= best.bound - closeEnough * (1 + Math.abs(best.bound))) break;
    polygon = halfOf(polygon, rise);
    if (polygon.length < 3) break;
  }
  return { ...boundAt(given, bestPrices, best!), found: found && found.choices };
}

function boundAt(given: JointChoices, prices: Point, best: Priced): Omit<JointBound, 'found'> {
  const { values, costs } = given;
  const losses = values.map((own, layer) => {
    const [first, second] = [costs[0][layer], costs[1][layer]];
    const worth = (choice: number) => own[choice] - prices[0] * first[choice] - prices[1] * second[choice];
    const most = worth(best.choices[layer]);
    return own.map((_, choice) => Math.max(0, most - worth(choice)));
  });
  return { value: best.bound, prices, losses };
}

/** What every layer likes best at some prices. */
export function atPrices({ values, costs, limits }: JointChoices, [one, two]: Point): Priced {
  const choices = new Int32Array(values.length);
  let [bound, value, first, second] = [one * limits[0] + two * limits[1], 0, 0, 0];
  for (let layer = 0; layer < values.length; layer++) {
    const [own, costOne, costTwo] = [values[layer], costs[0][layer], costs[1][layer]];
    let [best, most] = [0, -Infinity];
    for (let choice = 0; choice < own.length; choice++) {
      const worth = own[choice] - one * costOne[choice] - two * costTwo[choice];
      if (worth > most) [best, most] = [choice, worth];
    }
    choices[layer] = best;
    bound += most;
    value += own[best];
    first += costOne[best];
    second += costTwo[best];
  }
  return { choices, bound, value, spent: [first, second] };
}

function isWithinLimits({ spent }: Priced, limits: readonly [number, number]): boolean {
  return spent[0] <= limits[0] && spent[1] <= limits[1];
}

/** Prices above which no layer takes more than its cheapest choice. */
function boxOf(given: JointChoices): readonly Point[] {
  const [right, top] = [steepest(given, 0), steepest(given, 1)];
  return [
    [0, 0],
    [right, 0],
    [right, top],
    [0, top],
  ];
}

/** The greatest gain per unit of a cost over the layer's cheapest choice. */
function steepest({ values, costs }: JointChoices, which: 0 | 1): number {
  let most = Number.MIN_VALUE;
  values.forEach((own, layer) => {
    const cost = costs[which][layer];
    let least = 0;
    for (let choice = 1; choice < cost.length; choice++) if (cost[choice] < cost[least]) least = choice;
    for (let choice = 0; choice < cost.length; choice++) {
      if (cost[choice] > cost[least])
        most = Math.max(most, (own[choice] - own[least]) / (cost[choice] - cost[least]));
    }
  });
  return most * (1 + 1e-9);
}

function centroidOf(polygon: readonly Point[]): Point {
  const [origin] = polygon;
  let [area, x, y] = [0, 0, 0];
  // Beside the first corner, so that small polygons far from zero keep their digits.
  polygon.forEach((corner, index) => {
    const next = polygon[(index + 1) % polygon.length];
    const [ax, ay, bx, by] = [
      ...[corner[0] - origin[0], corner[1] - origin[1]],
      ...[next[0] - origin[0], next[1] - origin[1]],
    ];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  });
  if (!(Math.abs(area) > 0)) return meanOf(polygon);
  return [Math.max(0, origin[0] + x / (3 * area)), Math.max(0, origin[1] + y / (3 * area))];
}

function meanOf(polygon: readonly Point[]): Point {
  const sum = polygon.reduce(([x, y], [dx, dy]) => [x + dx, y + dy] as const, [0, 0] as Point);
  return [sum[0] / polygon.length, sum[1] / polygon.length];
}

/** The part of a polygon where a linear function is not positive. */
function halfOf(polygon: readonly Point[], rise: (at: Point) => number): readonly Point[] {
  return polygon.flatMap((corner, index) => {
    const next = polygon[(index + 1) % polygon.length];
    const [here, there] = [rise(corner), rise(next)];
    const kept = here <= 0 ? [corner] : [];
    if (here <= 0 === there <= 0) return kept;
    const share = here / (here - there);
    const crossing: Point = [
      corner[0] + share * (next[0] - corner[0]),
      corner[1] + share * (next[1] - corner[1]),
    ];
    return [...kept, crossing];
  });
}
