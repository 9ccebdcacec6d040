import { isIncluded } from '../compression/inclusion';
import { costs, type Budget, type Cost } from '../enc/costs';
import type { Plan } from '../enc/plan';
import type { SelectionProblem } from '../enc/problem';
import { timeCost } from '../enc/timeTable';
import { least } from '../linalg/extremes';
import type { LayerDescription } from '../network/layers';
import { costNoun } from './costText';
import { decisionOf, decisionText } from './layerDecisions';
import { multipleText } from './settingTexts';
import { timeTableOf } from './layerTimes';
import { formatPercent, formatTarget, shortLayerName } from './numbers';
import { plannerOf } from './planning';
import type { ProjectState } from './state';

/** Layers that are named of those that hold a budget up. */
const mostNamed = 3;
/** A layer that adds less than this share of the budget's cost holds nothing up. */
const leastShare = 0.001;

/**
 * What budgets ask for that no plan gives, the smallest value that can be reached, and which layers hold it up: those
 * that cost most beyond what they would at rank 1. Null where the plan keeps its budgets.
 */
export function unmetText(state: ProjectState, plan: Plan): string | null {
  const problem = plannerOf(state)?.problem;
  if (plan.reached || !problem || !state.network) return null;
  const { budget, others = [] } = plan;
  const budgets = [budget, ...others];
  const beyond = budgets.filter(({ cost, share }) => leastShareOf(problem, cost) > share);
  const texts = beyond.map((own) => unreachableText(state, problem, own));
  if (texts.length > 0) return `The target cannot be reached: ${texts.join('; ')}.`;
  const nearest = budgets.map(({ cost }) => ofCost(plan.costs[cost]! / problem.totals[cost]!, cost));
  const culprits = heldUpBy(
    state,
    problem,
    (budgets.find((own) => spent(problem, plan, own) > 1) ?? budget).cost,
  );
  return `The budgets cannot be met together: the nearest plan takes ${nearest.join(' and ')}${culprits}.`;
}

const spent = ({ totals }: SelectionProblem, { costs: own }: Plan, { cost, share }: Budget) =>
  own[cost]! / (share * totals[cost]!);

/** The least share of a cost that the layers can take. */
function leastShareOf({ layers, keptCosts, totals }: SelectionProblem, cost: string): number {
  const sum = layers.reduce((total, own) => total + least(own.costs[cost]!), keptCosts[cost]!);
  return sum / totals[cost]!;
}

/** "15.0 % of MACs" */
const ofCost = (share: number, cost: string) => `${formatPercent(share)} of ${costNoun(cost)}`;

function unreachableText(state: ProjectState, problem: SelectionProblem, { cost, share }: Budget): string {
  const reachable = ofCost(leastShareOf(problem, cost), cost);
  return `${formatTarget(share)} of ${costNoun(cost)} is asked for, ${reachable} is the least${heldUpBy(state, problem, cost)}`;
}

/** ", held up by conv1 (kept whole: 12.1 %)": empty where no layer costs more than it must. */
function heldUpBy(state: ProjectState, problem: SelectionProblem, id: string): string {
  const cost = costNamed(state, id);
  if (!cost) return '';
  const total = problem.totals[id]!;
  const held = state
    .network!.summary.layers.map((layer) => ({ layer, ...spendingOf(problem, layer, cost) }))
    .filter(({ excess }) => excess > leastShare * total)
    .sort((a, b) => b.excess - a.excess);
  if (held.length === 0) return '';
  const named = held
    .slice(0, mostNamed)
    .map(
      ({ layer, now }) =>
        `${shortLayerName(layer.name)} (${whyText(state, layer)}: ${formatPercent(now / total)})`,
    );
  const rest = held.length - named.length;
  return `, held up by ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function costNamed(state: ProjectState, id: string): Cost | undefined {
  const table = timeTableOf(state);
  return [...costs, ...(table ? [timeCost(table)] : [])].find((cost) => cost.id === id);
}

/** What a layer costs at the least, and how much of it beyond rank 1, or all where it cannot be cut. */
function spendingOf({ layers }: SelectionProblem, layer: LayerDescription, cost: Cost) {
  const choices = layers.find(({ name }) => name === layer.name)?.costs[cost.id];
  const now = choices ? least(choices) : cost.ofLayer(layer);
  const couldBe = layer.kept === null ? Math.min(cost.atRank(layer, 1), cost.ofLayer(layer)) : 0;
  return { now, excess: now - couldBe };
}

function whyText({ document }: ProjectState, layer: LayerDescription): string {
  const { settings } = document;
  if (layer.kept !== null) return 'cannot be cut';
  if (!isIncluded(layer, settings.overrides)) return 'kept whole';
  return decisionText(decisionOf(settings, layer)) ?? multipleText(settings.multiple);
}
