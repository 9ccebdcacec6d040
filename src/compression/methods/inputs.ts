import type { CostName } from '../../enc/costs';
import { choiceQualities, type Curve } from '../../enc/curve';
import { encMapLadder } from '../../enc/encMap';
import type { ModelSpace } from '../../enc/encModel';
import type { LevelLadder } from '../../enc/levels';
import type { SelectionProblem } from '../../enc/problem';
import { metrics } from '../metrics';

/**
 * What methods choose ranks by. What follows from it whatever the budget is worked out once per object, so make
 * one per set of curves and keep it.
 */
export interface SelectionInputs {
  /** Id of the metric that drives the methods. */
  readonly metric: string;
  /** By layer, of that metric (of the measured one where it combines two). */
  readonly curves: ReadonlyMap<string, Curve>;
  readonly energy: ReadonlyMap<string, Curve>;
  /** Where ENC-Model looks; null takes the metric's default. */
  readonly space: ModelSpace | null;
  /** Steps that a search for plans may take (see `boundedSearch`); as many as that takes by itself unless given. */
  readonly mostSteps?: number;
  /** Another convention for ENC-Map's ladder, as in the authors' tables. */
  readonly mapLadder?: (problem: SelectionProblem, cost: CostName) => LevelLadder;
}

/** Works something out of inputs and a problem. */
type Derivation<T> = (problem: SelectionProblem, inputs: SelectionInputs, cost: CostName) => T;

/** Remembers what a derivation gave for the same inputs, problem and cost: plans are made in every frame of a drag. */
export function oncePerInputs<T>(derive: Derivation<T>): Derivation<T> {
  const known = new WeakMap<SelectionInputs, WeakMap<SelectionProblem, Map<CostName, T>>>();
  return (problem, inputs, cost) => {
    const byProblem = entryOf(known, inputs, () => new WeakMap<SelectionProblem, Map<CostName, T>>());
    const byCost = entryOf(byProblem, problem, () => new Map<CostName, T>());
    return entryOf(byCost, cost, () => derive(problem, inputs, cost));
  };
}

/** The entry of a map, made where it is missing. */
function entryOf<K, V>(
  map: { has(key: K): boolean; get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  if (!map.has(key)) map.set(key, make());
  return map.get(key) as V;
}

/** Where ENC-Model looks. */
export function searchedSpace({ metric, space }: SelectionInputs): ModelSpace {
  return space ?? metrics.get(metric).space;
}

/** ENC-Map's ladder. */
export const mapLadderOf = oncePerInputs((problem, { curves, mapLadder }, cost) =>
  mapLadder ? mapLadder(problem, cost) : encMapLadder(problem, cost, curves),
);

/** Qualities of every choice of every layer by the metric's curves; the cost does not matter. */
export const qualitiesOf = oncePerInputs((problem, { curves }) => choiceQualities(problem, curves));

/** The same by energy. */
export const energiesOf = oncePerInputs((problem, { energy }) => choiceQualities(problem, energy));

/** Whether every layer of the problem has its curve. */
export const hasCurves = oncePerInputs((problem, { curves }) =>
  problem.layers.every(({ name }) => curves.has(name)),
);
