import type { SelectionMethod } from '../../src/compression/methods/method';
import { metrics } from '../../src/compression/metrics';
import { costNoun } from '../../src/project/costText';
import { plansOf } from '../../src/project/plans';
import { withPresentPlans } from '../../src/project/presentPlans';
import { takeCurves } from '../curvesFile';
import { percent, printAnswer, table } from '../output';
import {
  askFor,
  printedPlanOf,
  sayUnmet,
  type CurveOptions,
  type Predicted,
  type PrintedPlan,
  type RequestOptions,
} from '../planning';
import { openRaceImages, racedPlan, standingsText, type PrintedStanding, type RaceOptions } from '../racing';
import type { AskedBudget } from '../budgets';
import type { CommonOptions } from '../commonOptions';
import { timeLayersOfBudget } from '../timing';
import { Workspace, type ImageOptions } from '../workspace';

export interface PlanOptions extends CommonOptions, RequestOptions, CurveOptions, Omit<ImageOptions, 'data'> {
  readonly budget: AskedBudget;
  readonly method: SelectionMethod;
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
  await Workspace.with(model, options, async (workspace) => {
    const { method, budget, race, top } = options;
    const { target } = budget;
    askFor(workspace, options, { method: method.id, ...budget });
    await timeLayersOfBudget(workspace);
    await workspace.factoriseIncluded();
    await takeCurves(workspace, options);
    if (method.needs.images) {
      await openRaceImages(workspace, method, race, options);
      workspace.update(withPresentPlans);
      const { planned, standings } = await racedPlan(workspace, method);
      sayUnmet(workspace, planned.plan);
      printPlan({ ...printedPlanOf(workspace, planned), standings }, options.json);
      return;
    }
    const planned = plansOf(workspace.planner, method.id, target, top);
    sayUnmet(workspace, planned[0]!.plan);
    const plans = planned.map((own) => printedPlanOf(workspace, own));
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
          `${index + 1}. ${percent(achieved, 2)} of ${costNoun(printed.cost)}, ${predictedText(predicted)}`,
      ),
      ...(printed.standings ? [standingsText(printed.standings), ''] : []),
      `${printed.method}: target ${percent(printed.target)} of ${costNoun(printed.cost)}${othersText(printed)}, achieved ${sharesText(printed)}`,
    ].join('\n'),
  );
}

/** Second budgets, and how far from the best plan within both the plan is at most. */
function othersText({ others = [], gap }: PrintedPlan): string {
  const more = others.map(({ cost, share }) => ` and ${percent(share)} of ${costNoun(cost)}`);
  const near =
    gap === 0 ? 'the best predicted quality' : `within ${percent(gap ?? 0, 2)} of the best predicted quality`;
  return `${more.join('')}${gap === undefined ? '' : ` (${near})`}`;
}

/** "49.99 % of MACs, 52.1 % of parameters": the budget's cost first. */
function sharesText({ cost, shares }: PrintedPlan): string {
  const others = Object.entries(shares).filter(([id]) => id !== cost && id !== 'bytes');
  return [[cost, shares[cost]!] as const, ...others]
    .map(([id, share], index) => `${percent(share, index === 0 ? 2 : 1)} of ${costNoun(id)}`)
    .join(', ');
}

function predictedText(predicted: Predicted): string {
  return metrics.all
    .flatMap(({ id, symbol }) =>
      predicted[id] === undefined ? [] : [`${symbol} ${predicted[id].toFixed(4)}`],
    )
    .join(', ');
}
