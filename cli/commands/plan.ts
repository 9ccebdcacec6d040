import type { BackendRequest } from '../../src/engine/backend';
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
    const chosen = planFor(options.method, options.target, problem, curves, metric);
    printPlan(printedPlan(chosen, problem, workspace.network.layers, metric), options.json);
  });
}

/** Prints a plan as JSON or as a table. */
export function printPlan(printed: PrintedPlan, asJson: boolean): void {
  printAnswer(asJson, printed, () =>
    [
      table([
        ['layer', 'rank', 'r_max'],
        ...printed.layers.map(({ name, rank, rankMax }) => [name, rank ?? 'kept', rankMax]),
      ]),
      '',
      ...(printed.predicted
        ? [
            `predicted from the tables: A_p ${printed.predicted.energy.toFixed(5)}, A_m ${printed.predicted.measured.toFixed(4)}, A_c ${printed.predicted.combined.toFixed(4)}`,
          ]
        : []),
      `${printed.method}: target ${percent(printed.target)}, achieved ${percent(printed.achieved, 2)} of MACs, ${percent(printed.parametersShare)} of parameters`,
    ].join('\n'),
  );
}
