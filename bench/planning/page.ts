import type { LayerOverrides } from '../../src/compression/inclusion';
import { problemOf, macsBudget, plansAt } from '../../src/compression/planning';
import type { SelectionInputs } from '../../src/compression/methods/inputs';
import type { Curve } from '../../src/enc/curve';
import { paperSpace, wholeSpace } from '../../src/enc/encModel';
import type { SelectionProblem } from '../../src/enc/problem';
import { parseTables, type TableFiles } from '../../src/enc/tables';
import {
  tableAccuracies,
  tableEnergies,
  tableQualities,
  tablesMapLadder,
  tablesProblem,
} from '../../src/enc/tablesMode';
import type { LayerDescription } from '../../src/network/layers';

/** What a network's plans are made from; arrays are plain, to travel into the page. */
export interface NetworkCase {
  readonly layers: readonly LayerDescription[];
  readonly macs: number;
  readonly parameters: number;
  /** Layers that are cut against the defaults. */
  readonly overrides?: LayerOverrides;
  readonly curves: readonly (Omit<Curve, 'quality'> & { readonly quality: readonly number[] })[];
}

export interface PlanningCase {
  readonly network?: NetworkCase;
  readonly tables?: TableFiles;
  /** Id of a metric. */
  readonly metric: string;
  readonly isWhole: boolean;
  /** A second budget: as many parameters as this share of the target; absent for none. */
  readonly parameters?: number;
}

/** What runs in the page: milliseconds of each target in turn, in several rounds. */
export type PlanningBenchmark = (given: PlanningCase, targets: readonly number[], rounds: number) => number[];

interface Prepared {
  readonly problem: SelectionProblem;
  readonly inputs: Omit<SelectionInputs, 'metric' | 'space'>;
}

function ofNetwork({ curves, overrides = {}, ...network }: NetworkCase): Prepared {
  const byLayer = new Map(
    curves.map((curve) => [curve.layer, { ...curve, quality: Float64Array.from(curve.quality) }]),
  );
  return { problem: problemOf(network, overrides), inputs: { curves: byLayer, energy: byLayer } };
}

function ofTables(files: TableFiles, metric: PlanningCase['metric']): Prepared {
  const tables = parseTables(files);
  const problem = tablesProblem(tables, true);
  const values = metric === 'measured' ? tableAccuracies : tableEnergies;
  const qualities = tableQualities(problem, tables, values);
  const curves = new Map<string, Curve>(
    problem.layers.map(({ name: layer }, index) => [layer, { layer, metric, quality: qualities[index]! }]),
  );
  const mapLadder: SelectionInputs['mapLadder'] = (own, cost) => tablesMapLadder(own, cost, tables, values);
  return { problem, inputs: { curves, energy: curves, mapLadder } };
}

const benchmark: PlanningBenchmark = (given, targets, rounds) => {
  const { metric, isWhole } = given;
  const { problem, inputs: own } = given.tables ? ofTables(given.tables, metric) : ofNetwork(given.network!);
  const inputs = { ...own, metric, space: isWhole ? wholeSpace : paperSpace };
  const { parameters } = given;
  const budgetsAt = (target: number) => [
    macsBudget(target),
    ...(parameters === undefined ? [] : [{ cost: 'parameters', share: parameters * target }]),
  ];
  // What no target changes is worked out with the first plans.
  plansAt(problem, inputs, budgetsAt(1));
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) {
      const start = performance.now();
      plansAt(problem, inputs, budgetsAt(target));
      times.push(performance.now() - start);
    }
  }
  return times;
};

Object.assign(globalThis, { planningBenchmark: benchmark });
