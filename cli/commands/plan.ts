import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planAtTarget } from '../../src/enc/levels';
import { parseTables, type AuthorsTables } from '../../src/enc/tables';
import { tablesMapLadder, tablesProblem } from '../../src/enc/tablesMode';
import { uniformLadder } from '../../src/enc/uniform';
import type { BackendRequest } from '../../src/engine/backend';
import { fail } from '../../src/network/failure';
import { chosenCurves } from '../curvesFile';
import { percent, printAnswer, table } from '../output';
import {
  planFor,
  printedPlan,
  problemOf,
  type CurveOptions,
  type LayerOptions,
  type MethodName,
  type PrintedPlan,
} from '../planning';
import { Workspace } from '../workspace';

export interface PlanOptions extends LayerOptions, CurveOptions {
  readonly json: boolean;
  readonly backend: BackendRequest;
  readonly target: number;
  readonly method: MethodName;
}

/** Prints the ranks that a method chooses for a network. */
export async function plan(model: readonly string[], options: PlanOptions): Promise<void> {
  await Workspace.with(model, options.backend, async (workspace) => {
    const problem = problemOf(workspace.network, options);
    const energy = await workspace.factorise(problem.layers.map(({ name }) => workspace.layer(name)));
    const { metric, curves } = await chosenCurves(workspace.network, options, energy);
    const chosen = planFor(options.method, options.target, problem, curves);
    printPlan(printedPlan(chosen, problem, workspace.network.layers, metric), options.json);
  });
}

/** Prints the ranks that a method chooses from the authors' own tables, in their conventions. */
export async function planFromTables(
  folder: string,
  options: Omit<PlanOptions, keyof LayerOptions | keyof CurveOptions>,
): Promise<void> {
  const tables = await readTables(folder);
  const problem = tablesProblem(tables);
  const ladder = options.method === 'uniform' ? uniformLadder(problem) : tablesMapLadder(problem, tables);
  const chosen = planAtTarget(ladder, options.method, options.target);
  printPlan(printedPlan(chosen, problem, problem.layers), options.json);
}

async function readTables(folder: string): Promise<AuthorsTables> {
  const read = (file: string) =>
    readFile(join(folder, file), 'utf8').catch(() =>
      fail(
        'unreadable-file',
        `${join(folder, file)}: expected one of the authors' four tables, found no such file.`,
      ),
    );
  const [netDef, eigenvalues, rankList, accuracies] = await Promise.all(
    ['Net_def.txt', 'eigenvalue.conf', 'R_list.txt', 'A_norm.txt'].map(read),
  );
  try {
    return parseTables({
      netDef: netDef!,
      eigenvalues: eigenvalues!,
      rankList: rankList!,
      accuracies: accuracies!,
    });
  } catch (error) {
    return fail('unreadable-file', `${folder}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function printPlan(printed: PrintedPlan, asJson: boolean): void {
  printAnswer(asJson, printed, () =>
    [
      table([
        ['layer', 'rank', 'r_max'],
        ...printed.layers.map(({ name, rank, rankMax }) => [name, rank ?? 'kept', rankMax]),
      ]),
      '',
      `${printed.method}: target ${percent(printed.target)}, achieved ${percent(printed.achieved, 2)} of MACs, ${percent(printed.parametersShare)} of parameters`,
    ].join('\n'),
  );
}
