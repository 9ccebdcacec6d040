import { qualitiesOf, searchedSpace } from '../compression/methods/inputs';
import type { LayerDescription } from '../network/layers';
import { plansOf, type Planner } from './plans';

/** What a plan chose for a layer, with the quality that its curve gives it there. */
export interface ChosenQuality {
  readonly layer: string;
  /** null keeps the layer whole. */
  readonly rank: number | null;
  /** 0 to 1. */
  readonly quality: number;
}

/** What ENC-Map's plan leaves of every layer's quality; empty before there are curves. */
export function equalLosses(planner: Planner, target: number): readonly ChosenQuality[] {
  const [planned] = plansOf(planner, 'map', target, 1);
  if (!planned) return [];
  const { problem, inputs } = planner;
  const qualities = qualitiesOf(problem, inputs, planner.cost);
  return problem.layers.map(({ name, ranks }, at) => {
    const choice = planned.plan.choices[at]!;
    return { layer: name, rank: ranks[choice] ?? null, quality: qualities[at]![choice]! };
  });
}

/** The ranks of a layer that ENC-Model looks at, and the one that it took. */
export interface SearchedRanks {
  readonly layer: string;
  readonly rankMax: number;
  /** null is the whole layer. */
  readonly least: number | null;
  readonly most: number | null;
  readonly chosen: number | null;
}

/** The space that ENC-Model searches at a target. */
export interface SearchedSpace {
  /** How far from the target ENC-Map's plans bound it, as a share of the cost; null where every rank is open. */
  readonly spread: number | null;
  readonly layers: readonly SearchedRanks[];
  /** The decimal logarithm of how many configurations there are. */
  readonly digits: number;
}

/** Where ENC-Model looks at a target; null before there are curves. */
export function searchedRanks(planner: Planner, target: number): SearchedSpace | null {
  const { problem, inputs } = planner;
  const { spread } = searchedSpace(inputs);
  const choicesOf = (method: string, at: number) => plansOf(planner, method, at, 1)[0]?.plan.choices;
  const chosen = choicesOf('model', target);
  const [low, high] =
    spread === null ? [] : [choicesOf('map', target - spread), choicesOf('map', target + spread)];
  if (!chosen) return null;
  let digits = 0;
  const layers = problem.layers.map(({ name, rankMax, ranks }, at): SearchedRanks => {
    const last = ranks.length - 1;
    // What rounding left over may lift a layer of the lower plan above the higher one's.
    const ends = low && high ? [low[at]!, high[at]!].toSorted((a, b) => a - b) : [0, last];
    const [from = 0, to = last] = ends;
    digits += Math.log10(to - from + 1);
    const rankAt = (choice: number) => ranks[choice] ?? null;
    return { layer: name, rankMax, least: rankAt(from), most: rankAt(to), chosen: rankAt(chosen[at]!) };
  });
  return { spread, layers, digits };
}

/** Weights of a layer, and of its factors at a rank, its biases left out. */
export function weightsAt({ parameters, biasParameters, parametersPerRank }: LayerDescription, rank: number) {
  return { whole: parameters - biasParameters, cut: rank * parametersPerRank };
}

/** Share of a kernel's squares that its leading singular values hold: 1 less the relative squared error. */
export function squaresKept(singularValues: ArrayLike<number>, rank: number): number {
  let kept = 0;
  let all = 0;
  for (let index = 0; index < singularValues.length; index++) {
    const square = singularValues[index]! ** 2;
    all += square;
    if (index < rank) kept += square;
  }
  return all > 0 ? kept / all : 1;
}
