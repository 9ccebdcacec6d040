import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SelectionInputs } from '../../src/compression/methods/inputs';
import type { SelectionMethod } from '../../src/compression/methods/method';
import type { QualityMetric, TableValues } from '../../src/compression/metrics/metric';
import { macsBudget } from '../../src/compression/planning';
import { wholeQuality, type Curve } from '../../src/enc/curve';
import { wholeSpace, type ModelSpace } from '../../src/enc/encModel';
import type { Plan } from '../../src/enc/plan';
import type { SelectionProblem } from '../../src/enc/problem';
import { parseTables, type AuthorsTables } from '../../src/enc/tables';
import { tableEnergies, tableQualities, tablesMapLadder, tablesProblem } from '../../src/enc/tablesMode';
import { fail } from '../../src/network/failure';
import { askedSpace } from '../../src/project/planning';
import {
  printedPlan,
  tableMetrics,
  type PrintedPlan,
  type SearchSettings,
  type TableMetric,
} from '../planning';
import { printPlan } from './plan';

export interface TablePlanOptions {
  readonly json: boolean;
  readonly target: number;
  /** One that needs no images. */
  readonly method: SelectionMethod;
  /** One that the tables hold. */
  readonly metric: TableMetric;
  /** Every rank where nothing is said. */
  readonly space: SearchSettings;
  /** How many of the method's plans to print, best first. */
  readonly top: number;
}

/**
 * Prints the ranks that a method chooses from the authors' own tables, in the authors' conventions; a method that is
 * free in tables may cut every layer to every rank, the first included.
 */
export async function planFromTables(folder: string, options: TablePlanOptions): Promise<void> {
  const tables = await readTables(folder);
  const { method, metric, target, top } = options;
  const problem = tablesProblem(tables, method.isFreeInTables);
  const inputs = tableInputs(tables, metric, askedSpace(options.space) ?? wholeSpace);
  const plans = method.plans(problem, inputs, [macsBudget(target)], top);
  if (method.isFreeInTables && !plans[0]?.reached)
    fail(
      'invalid-request',
      `--target: expected a share that some ranks cost, found ${target} of the MACs, which is less than the least ranks; give a greater one.`,
    );
  const printed = plans.map((plan) => printedTablePlan(plan, problem, tables, metric));
  printPlan({ ...printed[0]!, ...(top > 1 ? { plans: printed } : {}) }, options.json);
}

function tableInputs(tables: AuthorsTables, { id, table }: TableMetric, space: ModelSpace): SelectionInputs {
  const { curves, levels } = table;
  return {
    metric: id,
    curves: tableCurves(tables, id, curves),
    energy: tableCurves(tables, 'energy', tableEnergies),
    space,
    mapLadder: (problem, cost) => tablesMapLadder(problem, cost, tables, levels),
  };
}

/** The tables' values at every rank of every layer. */
function tableCurves(tables: AuthorsTables, metric: string, values: TableValues): Map<string, Curve> {
  const everyRank = tablesProblem(tables, true);
  const qualities = tableQualities(everyRank, tables, values);
  return new Map(
    everyRank.layers.map(({ name: layer }, index) => [layer, { layer, metric, quality: qualities[index]! }]),
  );
}

function printedTablePlan(
  plan: Plan,
  problem: SelectionProblem,
  tables: AuthorsTables,
  metric: QualityMetric,
): PrintedPlan {
  const { achieved, choices } = plan;
  const wholeBy = (values: TableValues) => wholeQuality(tableQualities(problem, tables, values), choices);
  const energy = wholeBy(tableEnergies);
  const predicted = tableMetrics().map(({ id, table, whole }): [string, number] => [
    id,
    whole({ own: wholeBy(table.curves), energy, achieved }),
  ]);
  return printedPlan(plan, problem, problem.layers, metric.id, Object.fromEntries(predicted));
}

async function readTables(folder: string): Promise<AuthorsTables> {
  const read = (file: string) =>
    readFile(join(folder, file), 'utf8').catch(() =>
      fail(
        'unreadable-file',
        `${join(folder, file)}: expected one of the authors' four tables, found no such file; name the folder that holds eigenvalue.conf and the others.`,
      ),
    );
  // One after the other, so that of several missing files the same one is always named.
  const netDef = await read('Net_def.txt');
  const eigenvalues = await read('eigenvalue.conf');
  const rankList = await read('R_list.txt');
  const accuracies = await read('A_norm.txt');
  try {
    return parseTables({
      netDef,
      eigenvalues,
      rankList,
      accuracies,
    });
  } catch (error) {
    return fail('unreadable-file', `${folder}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
