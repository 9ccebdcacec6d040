import { greatest } from '../linalg/extremes';
import type { Effort } from './exactSearch';
import { atPrices, jointBound, type JointBound, type JointChoices } from './jointBound';

/** One answer of {@link jointSearch}. */
export interface JointAnswer {
  readonly choices: Int32Array;
  /** Sum of the choices' values. */
  readonly value: number;
}

/** What {@link jointSearch} found. */
export interface JointAnswers {
  /** Best first. */
  readonly answers: readonly JointAnswer[];
  /** No answer within the limits is worth more: the first answer's value where everything was looked at. */
  readonly bound: number;
}

/**
 * Choices that are looked at for one answer, which is wanted in every frame of a drag (two milliseconds), and for each
 * of several. More of them find hardly more: what is open at the end is a matter of the bound.
 */
const visitsForOne = 12_000;
const visitsForEach = 40_000;
/** Rounds of exchanging the choices of two layers, and pairs of choices that are looked at in all of them. */
const maxExchanges = 12;
const maxPairs = 4_000_000;

/**
 * The choices with the greatest sum of values within two limits.
 *
 * A Lagrangian bound says how much an answer that contains a choice loses at least. An answer near the bound is found
 * by rounding and by exchanging the choices of two layers at a time; whatever loses more than that one cannot be part
 * of a better answer, and the rest is gone through depth first, the least losses first, as far as the visits reach.
 * Small problems are so solved exactly; of large ones the bound says how far from the best the answer is at most.
 *
 * @param isTaken what else an answer has to be; every one by default
 * @param count how many answers; fewer come back where there are fewer, or where visits run out
 */
export function jointSearch(
  given: JointChoices,
  count: number,
  isTaken: (choices: Int32Array) => boolean = () => true,
): JointAnswers {
  const bound = jointBound(given);
  const first = roundedAnswer(given, bound);
  const best = first && isTaken(first) ? exchanged(given, bound, first, isTaken) : null;
  const walk = new Walk(given, bound, count, isTaken, count === 1 ? visitsForOne : count * visitsForEach);
  if (best) walk.offer(best);
  const isExact = walk.run();
  const { answers } = walk;
  return { answers, bound: isExact ? (answers[0]?.value ?? -Infinity) : bound.value };
}

const valueOf = (values: readonly Float64Array[], choices: Int32Array): number =>
  choices.reduce((sum, choice, layer) => sum + values[layer][choice], 0);

const costOf = (costs: readonly Float64Array[], choices: Int32Array): number =>
  choices.reduce((sum, choice, layer) => sum + costs[layer][choice], 0);

/** An answer within the limits: the best that drawing the bound met, or what is liked at higher and higher prices. */
function roundedAnswer(given: JointChoices, { found, prices }: JointBound): Int32Array | null {
  if (found) return found;
  const { limits } = given;
  // A limit that is met at no price has to get one before it can count.
  const from = [0, 1].map((which) => Math.max(prices[which], 1e-9 / Math.max(limits[which], 1)));
  for (let factor = 1; factor < 1e12; factor *= 1.5) {
    const { choices, spent } = atPrices(given, [from[0] * factor, from[1] * factor]);
    if (spent[0] <= limits[0] && spent[1] <= limits[1]) return choices;
  }
  return null;
}

/** An answer after every exchange of one or two layers' choices that makes it better. */
function exchanged(
  given: JointChoices,
  bound: JointBound,
  start: Int32Array,
  isTaken: (choices: Int32Array) => boolean,
): Int32Array {
  let choices = start;
  const effort = { left: maxPairs };
  for (let round = 0; round < maxExchanges; round++) {
    const next = bestExchange(given, bound, choices, effort);
    if (!next || !isTaken(next)) break;
    choices = next;
  }
  return choices;
}

/**
 * The exchange of one or two layers' choices that gains most and stays within the limits; null where none gains. Once the
 * effort is used up, the best of what was looked at.
 */
function bestExchange(
  given: JointChoices,
  bound: JointBound,
  choices: Int32Array,
  effort: Effort,
): Int32Array | null {
  const { values, costs, limits } = given;
  const missing = bound.value - valueOf(values, choices);
  const left = [limits[0] - costOf(costs[0], choices), limits[1] - costOf(costs[1], choices)] as const;
  const open = bound.losses.map((losses) => positionsWithin(losses, missing));
  let gain = 1e-12 * (1 + Math.abs(bound.value));
  let found: readonly [number, number, number, number] | null = null;
  for (let one = 0; one < values.length; one++) {
    const [own, first, second, now] = [values[one], costs[0][one], costs[1][one], choices[one]];
    for (const choice of open[one]) {
      const [leftOne, leftTwo] = [
        left[0] - first[choice] + first[now],
        left[1] - second[choice] + second[now],
      ];
      const gained = own[choice] - own[now];
      for (let two = one; two < values.length; two++) {
        // With itself: the layer alone.
        const other = two === one ? aloneIn(choice) : open[two];
        const base = two === one ? choice : choices[two];
        const [ofTwo, firstTwo, secondTwo] = [values[two], costs[0][two], costs[1][two]];
        if (effort.left < 0) break;
        for (let at = other.length - 1; at >= 0; at--) {
          effort.left--;
          const position = other[at];
          const total = gained + ofTwo[position] - ofTwo[base];
          // Values never fall within a layer, so no earlier position gains more.
          if (total <= gain) break;
          if (firstTwo[position] - firstTwo[base] > leftOne) continue;
          if (secondTwo[position] - secondTwo[base] > leftTwo) continue;
          gain = total;
          found = [one, choice, two, position];
          break;
        }
      }
    }
  }
  if (!found) return null;
  const next = choices.slice();
  next[found[0]] = found[1];
  next[found[2]] = found[3];
  return next;
}

const alone = new Int32Array(1);
function aloneIn(choice: number): Int32Array {
  alone[0] = choice;
  return alone;
}

function positionsWithin(losses: Float64Array, gap: number): Int32Array {
  const positions: number[] = [];
  losses.forEach((loss, position) => {
    if (loss <= gap) positions.push(position);
  });
  return Int32Array.from(positions);
}

/** Goes through everything that could be among the best, depth first, and keeps the best. */
class Walk {
  readonly answers: JointAnswer[] = [];
  private readonly order: readonly number[];
  private readonly open: readonly Int32Array[];
  private readonly least: readonly [Float64Array, Float64Array];
  private readonly most: readonly [Float64Array, Float64Array];
  private readonly choices: Int32Array;
  private visits: number;

  constructor(
    private readonly given: JointChoices,
    private readonly bound: JointBound,
    private readonly count: number,
    private readonly isTaken: (choices: Int32Array) => boolean,
    visits: number,
  ) {
    this.visits = visits;
    this.choices = new Int32Array(given.values.length);
    // Of the greatest steps first: what comes last has small ones that fill what is left.
    const reach = (layer: number) => Math.max(stepOf(given, 0, layer), stepOf(given, 1, layer));
    this.order = given.values.map((_, layer) => layer).sort((a, b) => reach(b) - reach(a));
    this.open = this.order.map((layer) => byLoss(bound.losses[layer]));
    this.least = this.ends((cost, open) => open.reduce((end, own) => Math.min(end, cost[own]), Infinity));
    this.most = this.ends((cost, open) => open.reduce((end, own) => Math.max(end, cost[own]), -Infinity));
  }

  /** Keeps an answer, where it is among the best and not kept yet. */
  offer(choices: Int32Array): void {
    const value = valueOf(this.given.values, choices);
    const { answers, count } = this;
    if (answers.some((own) => own.value === value && own.choices.join() === choices.join())) return;
    const place = answers.findIndex((own) => own.value < value);
    answers.splice(place < 0 ? answers.length : place, 0, { choices: choices.slice(), value });
    if (answers.length > count) answers.pop();
  }

  /** @returns whether everything was looked at */
  run(): boolean {
    const { limits } = this.given;
    this.descend(0, 0, limits[0], limits[1]);
    return this.visits > 0;
  }

  /** How far under the bound an answer may lie to be among the best. */
  private get gap(): number {
    const last = this.answers[this.count - 1];
    return last ? this.bound.value - last.value : Infinity;
  }

  private descend(depth: number, lost: number, leftOne: number, leftTwo: number): void {
    if (depth === this.order.length) {
      if (this.isTaken(this.choices)) this.offer(this.choices);
      return;
    }
    const layer = this.order[depth];
    const { costs } = this.given;
    const { losses, prices } = this.bound;
    const [first, second, own] = [costs[0][layer], costs[1][layer], losses[layer]];
    const [leastOne, leastTwo] = [this.least[0][depth + 1], this.least[1][depth + 1]];
    const [mostOne, mostTwo] = [this.most[0][depth + 1], this.most[1][depth + 1]];
    const open = this.open[depth];
    for (let at = 0; at < open.length; at++) {
      if (this.visits-- <= 0) return;
      const choice = open[at];
      const total = lost + own[choice];
      const gap = this.gap;
      // Those that follow lose more.
      if (total >= gap) return;
      const [restOne, restTwo] = [leftOne - first[choice], leftTwo - second[choice]];
      if (restOne < leastOne || restTwo < leastTwo) continue;
      // What even the dearest choices leave is lost, too.
      const unspent = prices[0] * Math.max(0, restOne - mostOne) + prices[1] * Math.max(0, restTwo - mostTwo);
      if (total + unspent >= gap) continue;
      this.choices[layer] = choice;
      this.descend(depth + 1, total, restOne, restTwo);
    }
  }

  /** Per cost and depth, what the layers from there on cost at one of their ends. */
  private ends(
    endOf: (cost: Float64Array, open: Int32Array) => number,
  ): readonly [Float64Array, Float64Array] {
    const of = (which: 0 | 1) => {
      const sums = new Float64Array(this.order.length + 1);
      for (let depth = this.order.length - 1; depth >= 0; depth--)
        sums[depth] = sums[depth + 1] + endOf(this.given.costs[which][this.order[depth]], this.open[depth]);
      return sums;
    };
    return [of(0), of(1)];
  }
}

/** The mean step of a layer's cost, as a share of the limit. */
function stepOf({ costs, limits }: JointChoices, which: 0 | 1, layer: number): number {
  const own = costs[which][layer];
  return (greatest(own) - own[0]) / own.length / Math.max(limits[which], Number.MIN_VALUE);
}

/** A layer's choices, those that lose least first. */
function byLoss(losses: Float64Array): Int32Array {
  return Int32Array.from(losses, (_, choice) => choice).sort((a, b) => losses[a] - losses[b] || a - b);
}
