import { choiceQualities, type Curve } from '../../src/enc/curve';
import { encMapLadder } from '../../src/enc/encMap';
import { encModelPlans, paperSpace, wholeSpace } from '../../src/enc/encModel';
import { planAtTarget, type LevelLadder } from '../../src/enc/levels';
import { selectionProblem } from '../../src/enc/problem';
import { parseTables, type TableFiles } from '../../src/enc/tables';
import {
  tableAccuracies,
  tableEnergies,
  tableQualities,
  tablesMapLadder,
  tablesProblem,
} from '../../src/enc/tablesMode';
import { uniformLadder } from '../../src/enc/uniform';
import type { LayerDescription } from '../../src/network/layers';

/** What a network's plans are made from; arrays are plain, to travel into the page. */
export interface NetworkCase {
  readonly layers: readonly LayerDescription[];
  readonly macs: number;
  readonly parameters: number;
  readonly curves: readonly (Omit<Curve, 'quality'> & { readonly quality: readonly number[] })[];
}

export interface PlanningCase {
  readonly network?: NetworkCase;
  readonly tables?: TableFiles;
  readonly metric: 'energy' | 'measured' | 'divergence';
  readonly isWhole: boolean;
}

/** What runs in the page: milliseconds of each target in turn, in several rounds. */
export type PlanningBenchmark = (given: PlanningCase, targets: readonly number[], rounds: number) => number[];

interface Prepared {
  readonly uniform: LevelLadder;
  readonly map: LevelLadder;
  readonly qualities: readonly Float64Array[];
}

function ofNetwork({ curves, ...network }: NetworkCase): Prepared {
  const problem = selectionProblem(network.layers, network);
  const byLayer = new Map(
    curves.map((curve) => [curve.layer, { ...curve, quality: Float64Array.from(curve.quality) }]),
  );
  return {
    uniform: uniformLadder(problem),
    map: encMapLadder(problem, byLayer),
    qualities: choiceQualities(problem, byLayer),
  };
}

function ofTables(files: TableFiles, metric: PlanningCase['metric']): Prepared {
  const tables = parseTables(files);
  const problem = tablesProblem(tables, true);
  const values = metric === 'measured' ? tableAccuracies : tableEnergies;
  return {
    uniform: uniformLadder(problem),
    map: tablesMapLadder(problem, tables, values),
    qualities: tableQualities(problem, tables, values),
  };
}

const benchmark: PlanningBenchmark = (given, targets, rounds) => {
  const { uniform, map, qualities } = given.tables
    ? ofTables(given.tables, given.metric)
    : ofNetwork(given.network!);
  const space = given.isWhole ? wholeSpace : paperSpace;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) {
      const start = performance.now();
      planAtTarget(uniform, 'uniform', target);
      planAtTarget(map, 'map', target);
      encModelPlans(map, qualities, target, space, 1);
      times.push(performance.now() - start);
    }
  }
  return times;
};

Object.assign(globalThis, { planningBenchmark: benchmark });
