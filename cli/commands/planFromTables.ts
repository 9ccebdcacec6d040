import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { combinedPlans } from '../../src/enc/combined';
import { wholeQuality } from '../../src/enc/curve';
import { encModelPlans, wholeSpace } from '../../src/enc/encModel';
import { planAtTarget } from '../../src/enc/levels';
import type { Plan } from '../../src/enc/plan';
import type { SelectionProblem } from '../../src/enc/problem';
import { parseTables, type AuthorsTables } from '../../src/enc/tables';
import {
  tableAccuracies,
  tableEnergies,
  tableQualities,
  tablesMapLadder,
  tablesProblem,
} from '../../src/enc/tablesMode';
import { uniformLadder } from '../../src/enc/uniform';
import { fail } from '../../src/network/failure';
import { printedPlan, type CurveMethod, type PrintedPlan, type SpaceOption } from '../planning';
import { printPlan } from './plan';

/** Metrics that the authors' tables hold. */
export const tableMetrics = ['energy', 'measured', 'combined'] as const;
export type TableMetric = (typeof tableMetrics)[number];

export interface TablePlanOptions {
  readonly json: boolean;
  readonly target: number;
  readonly method: CurveMethod;
  readonly metric: TableMetric;
  /** null searches every rank. */
  readonly space: SpaceOption;
  /** How many of ENC-Model's plans to print, best first. */
  readonly top: number;
}

/** @throws FailureError `invalid-request` for a metric that the tables do not hold */
export function parseTableMetric(text: string): TableMetric {
  return (
    tableMetrics.find((metric) => metric === text) ??
    fail('invalid-request', `--metric with --tables: expected ${tableMetrics.join(', ')}, found "${text}".`)
  );
}

/**
 * Prints the ranks that a method chooses from the authors' own tables. Uniform and ENC-Map follow the authors'
 * conventions; ENC-Model searches every rank of every layer, the first included.
 */
export async function planFromTables(folder: string, options: TablePlanOptions): Promise<void> {
  const tables = await readTables(folder);
  const problem = tablesProblem(tables, options.method === 'model');
  const plans = choose(tables, problem, options).map((plan) => printedTablePlan(plan, problem, tables));
  printPlan({ ...plans[0]!, ...(options.top > 1 ? { plans } : {}) }, options.json);
}

function printedTablePlan(plan: Plan, problem: SelectionProblem, tables: AuthorsTables): PrintedPlan {
  const energy = wholeQuality(tableQualities(problem, tables, tableEnergies), plan.choices);
  const measured = wholeQuality(tableQualities(problem, tables, tableAccuracies), plan.choices);
  const predicted = { energy, measured, combined: energy * plan.achieved + measured };
  return { ...printedPlan(plan, problem, problem.layers), predicted };
}

function choose(
  tables: AuthorsTables,
  problem: SelectionProblem,
  options: TablePlanOptions,
): readonly Plan[] {
  const { method, metric, target, top } = options;
  if (method === 'uniform') return [planAtTarget(uniformLadder(problem), method, target)];
  const values = metric === 'measured' ? tableAccuracies : tableEnergies;
  const ladder = tablesMapLadder(problem, tables, values);
  if (method === 'map') return [planAtTarget(ladder, method, target)];
  const energy = tableQualities(problem, tables, tableEnergies);
  const measured = tableQualities(problem, tables, tableAccuracies);
  const space = options.space ?? wholeSpace;
  const plans =
    metric === 'combined'
      ? combinedPlans(ladder, energy, measured, target, space, top)
      : encModelPlans(ladder, metric === 'measured' ? measured : energy, target, space, top);
  return plans.length > 0
    ? plans
    : fail('invalid-request', `--target: no ranks cost as little as ${target} of the MACs.`);
}

async function readTables(folder: string): Promise<AuthorsTables> {
  const read = (file: string) =>
    readFile(join(folder, file), 'utf8').catch(() =>
      fail(
        'unreadable-file',
        `${join(folder, file)}: expected one of the authors' four tables, found no such file.`,
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
