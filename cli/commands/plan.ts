import type { Plan } from '../../src/enc/plan';
import type { SelectionMethod } from '../../src/compression/methods/method';
import { metrics } from '../../src/compression/metrics';
import { macsBudget, predictedQualities } from '../../src/compression/planning';
import type { BackendRequest } from '../../src/engine/backend';
import { chosenCurves } from '../curvesFile';
import { percent, printAnswer, table } from '../output';
import {
  askedProblem,
  printedPlan,
  type CurveOptions,
  type LayerOptions,
  type Predicted,
  type PrintedPlan,
  type SpaceOption,
} from '../planning';
import { openRaceImages, racedPlan, standingsText, type PrintedStanding, type RaceOptions } from '../racing';
import { Workspace, type ImageOptions } from '../workspace';

export interface PlanOptions extends LayerOptions, CurveOptions, Omit<ImageOptions, 'data'> {
  readonly json: boolean;
  readonly backend: BackendRequest;
  readonly target: number;
  readonly method: SelectionMethod;
  readonly space: SpaceOption;
  /** How many of the method's plans to print, best first. */
  readonly top: number;
  /** For methods whose plans are raced. */
  readonly race: RaceOptions;
}

/** What is printed beside the best plan. */
interface Beside {
  /** The best plans in order, the printed one first, where more than one was asked for. */
  readonly plans?: readonly PrintedPlan[];
  /** The race. */
  readonly standings?: readonly PrintedStanding[];
}

/** Prints the ranks that a method chooses for a network. */
export async function plan(model: readonly string[], options: PlanOptions): Promise<void> {
  await Workspace.with(model, options.backend, async (workspace) => {
    const problem = askedProblem(workspace.network, options);
    const energy = await workspace.factorise(problem.layers.map(({ name }) => workspace.layer(name)));
    const { method, target, space, race, top } = options;
    const inputs = { ...(await chosenCurves(workspace.network, options, energy)), space };
    const printed = (plan: Plan): PrintedPlan => {
      const predicted = predictedQualities(plan, problem, inputs);
      return printedPlan(plan, problem, workspace.network.layers, inputs.metric, predicted);
    };
    if (method.needs.images) {
      const images = await openRaceImages(workspace, method, race, options);
      const raced = await racedPlan(workspace, images, method, target, problem, inputs, race);
      printPlan({ ...printed(raced.plan), standings: raced.standings }, options.json);
      return;
    }
    const plans = method.plans(problem, inputs, [macsBudget(target)], top).map(printed);
    printPlan({ ...plans[0]!, ...(top > 1 ? { plans } : {}) }, options.json);
  });
}

/** Prints a plan as JSON or as a table. */
export function printPlan(printed: PrintedPlan & Beside, asJson: boolean): void {
  printAnswer(asJson, printed, () =>
    [
      table([
        ['layer', 'rank', 'r_max'],
        ...printed.layers.map(({ name, rank, rankMax }) => [name, rank ?? 'kept', rankMax]),
      ]),
      '',
      `predicted: ${predictedText(printed.predicted)}`,
      ...(printed.plans ?? []).map(
        ({ achieved, predicted }, index) =>
          `${index + 1}. ${percent(achieved, 2)} of MACs, ${predictedText(predicted)}`,
      ),
      ...(printed.standings ? [standingsText(printed.standings), ''] : []),
      `${printed.method}: target ${percent(printed.target)}, achieved ${percent(printed.achieved, 2)} of MACs, ${percent(printed.parametersShare)} of parameters`,
    ].join('\n'),
  );
}

function predictedText(predicted: Predicted): string {
  return metrics.all
    .flatMap(({ id, symbol }) =>
      predicted[id] === undefined ? [] : [`${symbol} ${predicted[id].toFixed(4)}`],
    )
    .join(', ');
}
