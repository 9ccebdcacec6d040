import { isIncluded } from '../compression/inclusion';
import { firstMetric } from '../compression/metrics';
import { problemOf } from '../compression/planning';
import { frameSteps } from '../enc/boundedSearch';
import { paperSpace, wholeSpace, type ModelSpace } from '../enc/encModel';
import { usefulRanks } from '../enc/problem';
import { heldLimits, type RankLimits } from '../enc/rankLimits';
import { timeCost } from '../enc/timeTable';
import type { LayerDescription } from '../network/layers';
import { isOnTime, timeTableOf } from './layerTimes';
import { automatic, chosenMetric } from './metricChoices';
import { createPlanner, type Planner, type ShownCurves } from './plans';
import { presentPoints } from './points';
import { remembered } from './remembered';
import type { Settings } from './settings';
import type { ProjectState } from './state';
import { ownValue } from '../network/ownValue';

/** Whether every layer that rank selection may cut has its energy curve. */
export function hasAllCurves({ network, document }: ProjectState): boolean {
  if (!network) return false;
  const { overrides } = document.settings;
  return network.summary.layers.every(
    (layer) => !isIncluded(layer, overrides) || layer.rankMax < 1 || network.curves.has(layer.name),
  );
}

/** The curves of the metric that was chosen, as far as there is anything measured; null before a network is open. */
export const shownCurves = remembered(
  (state: ProjectState) => [
    state.network?.summary,
    state.network?.curves,
    state.document.settings.metric,
    state.document.settings.overrides,
    presentPoints(state),
  ],
  (state): ShownCurves | null => {
    const { network, document } = state;
    if (!network) return null;
    const { curves } = network;
    const byEnergy: ShownCurves = { metric: firstMetric, curves, measured: new Set() };
    const { metric: choice, overrides } = document.settings;
    const points = presentPoints(state);
    if (!hasAllCurves(state) || points.length === 0) return byEnergy;
    const layers = network.summary.layers.filter((layer) => isIncluded(layer, overrides));
    const metric = chosenMetric(choice);
    const shown = metric.curves(layers, points, curves);
    const isUsable =
      shown.measured.size > 0 && (choice !== automatic || shown.measured.size === layers.length);
    return isUsable ? { metric: metric.id, ...shown } : byEnergy;
  },
);

/** What plans are made from, whatever the budgets' shares are: none of it is made anew while these are dragged. */
const planningParts = remembered(
  (state: ProjectState) => [
    state.network?.summary,
    // With the last curve that is missing it can do more than before; those that come until then change nothing.
    hasAllCurves(state) ? shownCurves(state) : null,
    state.document.settings.overrides,
    state.document.settings.searchesAll,
    state.document.settings.searchSpread,
    state.document.settings.searchSlack,
    state.document.settings.multiple,
    state.document.settings.limits,
    timeTableOf(state),
    state.plansInFrames,
  ],
  (state) => partsWith(state, state.document.settings.multiple),
);

/** The same with ranks that are multiples of another number. */
function partsWith(state: ProjectState, multiple: number) {
  const shown = shownCurves(state);
  const { network, document } = state;
  if (!network || !shown) return null;
  const { overrides } = document.settings;
  const table = timeTableOf(state);
  const costs = table ? [timeCost(table)] : [];
  return {
    summary: network.summary,
    problem: problemOf(network.summary, overrides, {
      limitsOf: limitsOf({ ...document.settings, multiple }),
      costs,
    }),
    inputs: {
      metric: shown.metric,
      curves: shown.curves,
      energy: network.curves,
      space: askedSpace(document.settings),
      ...(state.plansInFrames ? { mostSteps: frameSteps } : {}),
    },
  };
}

/**
 * The planner of the present network, curves and decisions about layers; null before a network is open, and before its
 * layers are timed where a budget is on time.
 */
export const plannerOf = remembered(
  (state: ProjectState) => [
    planningParts(state),
    state.document.settings.cost,
    state.document.settings.second,
    isOnTime(state) && !timeTableOf(state),
  ],
  (state) => plannerFrom(state, planningParts(state)),
);

/** What {@link plannerOf} would be if ranks were multiples of another number; made anew with every call. */
export function plannerWithMultiple(state: ProjectState, multiple: number): Planner | null {
  return plannerFrom(state, partsWith(state, multiple));
}

function plannerFrom(state: ProjectState, parts: ReturnType<typeof partsWith>): Planner | null {
  if (!parts || (isOnTime(state) && !timeTableOf(state))) return null;
  const { cost, second } = state.document.settings;
  const { summary, problem, inputs } = parts;
  return createPlanner(summary, { problem, inputs, cost, others: second ? [second] : [] });
}

/** What a person has decided about a layer's ranks, of which those count at which it is cheaper: its own multiple before that of all. */
function limitsOf({ multiple, limits }: Settings): (layer: LayerDescription) => RankLimits {
  return (layer) => {
    const own = ownValue(limits, layer.name) ?? {};
    return { multiple, ...heldLimits(own, usefulRanks(layer).at(-1) ?? 1) };
  };
}

/** Where ENC-Model is to look; null leaves it to the metric. */
export function askedSpace({
  searchesAll,
  searchSpread,
  searchSlack,
}: Pick<Settings, 'searchesAll' | 'searchSpread' | 'searchSlack'>): ModelSpace | null {
  if (searchesAll === null && searchSpread === null && searchSlack === null) return null;
  const { spread, slack } = searchesAll === true ? wholeSpace : paperSpace;
  return { spread: searchSpread ?? spread, slack: searchSlack ?? slack };
}
