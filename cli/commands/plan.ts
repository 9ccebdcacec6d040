import type { Plan } from '../../src/enc/plan';
import type { BackendRequest } from '../../src/engine/backend';
import { chosenCurves } from '../curvesFile';
import { percent, printAnswer, table } from '../output';
import {
  bestPlans,
  predictedQuality,
  printedPlan,
  problemOf,
  type CurveOptions,
  type LayerOptions,
  type MethodName,
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
  readonly method: MethodName;
  readonly space: SpaceOption;
  /** How many of ENC-Model's plans to print, best first. */
  readonly top: number;
  /** For ENC-Inf. */
  readonly race: RaceOptions;
}

/** What is printed beside the best plan. */
interface Beside {
  /** The best plans in order, the printed one first, where more than one was asked for. */
  readonly plans?: readonly PrintedPlan[];
  /** ENC-Inf's race. */
  readonly standings?: readonly PrintedStanding[];
}

/** Prints the ranks that a method chooses for a network. */
export async function plan(model: readonly string[], options: PlanOptions): Promise<void> {
  await Workspace.with(model, options.backend, async (workspace) => {
    const problem = problemOf(workspace.network, options);
    const energy = await workspace.factorise(problem.layers.map(({ name }) => workspace.layer(name)));
    const given = await chosenCurves(workspace.network, options, energy);
    const { method, target, space, race, top } = options;
    const printed = (plan: Plan): PrintedPlan => ({
      ...printedPlan(plan, problem, workspace.network.layers, given.metric),
      predicted: predictedQuality(plan, problem, given),
    });
    if (method === 'inf') {
      const images = await openRaceImages(workspace, race, options);
      const raced = await racedPlan(workspace, images, target, problem, given, space, race);
      printPlan({ ...printed(raced.plan), standings: raced.standings }, options.json);
      return;
    }
    const plans = bestPlans(method, target, problem, given, space, top).map(printed);
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
      ...(printed.predicted ? [`predicted: ${predictedText(printed.predicted)}`] : []),
      ...(printed.plans ?? []).map(
        ({ achieved, predicted }, index) =>
          `${index + 1}. ${percent(achieved, 2)} of MACs${predicted ? `, ${predictedText(predicted)}` : ''}`,
      ),
      ...(printed.standings ? [standingsText(printed.standings), ''] : []),
      `${printed.method}: target ${percent(printed.target)}, achieved ${percent(printed.achieved, 2)} of MACs, ${percent(printed.parametersShare)} of parameters`,
    ].join('\n'),
  );
}

const symbols = { energy: 'A_p', measured: 'A_m', divergence: 'A_d', combined: 'A_c' } as const;

function predictedText(predicted: Predicted): string {
  return (Object.keys(symbols) as (keyof Predicted)[])
    .flatMap((name) =>
      predicted[name] === undefined ? [] : [`${symbols[name]} ${predicted[name].toFixed(4)}`],
    )
    .join(', ');
}
