import { methods } from '../compression/methods';
import { isOriginal, ranksOf, recipeKey, withoutSteps, type Recipe } from '../compression/recipe';
import { repair } from '../compression/steps/repair';
import type { PerCost } from '../enc/costs';
import { costsOfRanks } from '../enc/costsOfRanks';
import { paretoFront } from '../enc/pareto';
import type { Spread } from '../linalg/spread';
import type { LayerDescription } from '../network/layers';
import type { NetworkSummary } from '../../workers/protocol/summaries';
import type { HistoryNote, SavedPlan } from './document';
import { isDistilled } from './distilling';
import { describedAs } from './factorisations';
import type { Stage } from './foretelling';
import { imageParts } from './images';
import { timing } from './kinds';
import { latencyOf } from './latencies';
import type { Measurement } from './measurement';
import { accuracyOf, measurementOf, originalMeasurement, type Accuracy } from './measurements';
import { formatPercent } from './numbers';
import { originOf } from './origin';
import { remembered } from './remembered';
import type { AskedSettings } from './askedSettings';
import { targetRange, type Settings } from './settings';
import type { ProjectState } from './state';
import { historyNote } from './foundTransitions';
import { ownValue } from '../network/ownValue';

/** A network that was measured in the session on the present report images. */
export interface MeasuredPlan extends HistoryNote {
  /** `recipeKey` of the network. */
  readonly key: string;
  readonly recipe: Recipe;
  readonly stage: Stage | 'distilled';
  /** Those that proposed it, in the registry's order. */
  readonly methods: readonly string[];
  readonly accuracy: Accuracy;
  readonly costs: PerCost<number>;
  /** Of the original's. */
  readonly shares: PerCost<number>;
  /** Time of one image as a share of the original's, in turns with it; null where that was not measured. */
  readonly time: Spread | null;
  /** Whether the methods would still propose it under the present settings and curves. */
  readonly isPresent: boolean;
}

/** Everything that was measured and that can be compared, in the order in which it was; the original is not among it. */
export const measuredPlans = remembered(
  (state: ProjectState) => [
    state.document.measurements,
    state.document.history,
    state.network?.summary,
    state.results[timing],
    imageParts(state),
    ...methods.all.map(({ id }) => originOf(state, id)),
  ],
  (state): readonly MeasuredPlan[] =>
    Object.values(state.document.measurements).flatMap((measurement) => {
      const recipe = state.document.recipes[measurement.recipe];
      return recipe ? (measuredPlan(state, recipe, measurement) ?? []) : [];
    }),
);

function measuredPlan(state: ProjectState, recipe: Recipe, measurement: Measurement): MeasuredPlan | null {
  const { network } = state;
  // Only what ran on the same images can be compared.
  if (!network || isOriginal(recipe) || measurementOf(state, recipe) !== measurement) return null;
  const accuracy = accuracyOf(measurement, originalMeasurement(state));
  if (!accuracy) return null;
  const { summary } = network;
  const whole = costsOfRanks(summary.layers, summary, {});
  const costs = costsOfRanks(layersOf(summary, recipe), summary, ranksOf(recipe));
  const { methods: proposing, under = [] } = measurement;
  return {
    ...historyNote(state, recipe),
    ...{ key: recipeKey(recipe), recipe, accuracy, methods: proposing, costs },
    stage: stageOf(recipe),
    shares: {
      macs: costs.macs / whole.macs,
      parameters: costs.parameters / whole.parameters,
      bytes: costs.bytes / whole.bytes,
    },
    time: timeShare(state, recipe),
    isPresent: proposing.some((method) => under.includes(originOf(state, method))),
  };
}

function stageOf(recipe: Recipe): MeasuredPlan['stage'] {
  if (isDistilled(recipe)) return 'distilled';
  return recipe.steps.some(({ kind }) => kind === repair.id) ? 'repaired' : 'cut';
}

/** The layers as a recipe splits them, however they are split at present. */
function layersOf(summary: NetworkSummary, recipe: Recipe): readonly LayerDescription[] {
  return summary.layers.map((layer) => {
    const choice = ownValue(recipe.layers, layer.name);
    if (choice?.kind !== 'low-rank' || choice.factorisation === layer.factorisation) return layer;
    return describedAs({ summary }, layer.name, choice.factorisation) ?? layer;
  });
}

/** Time is what the speed-up divides by; where the rounds lie between, the lower one becomes the upper. */
function timeShare(state: ProjectState, recipe: Recipe): Spread | null {
  const timed = latencyOf(state, recipe)?.batches.find(({ batchSize }) => batchSize === 1)?.timings[1];
  if (!timed) return null;
  const { median, lowerQuartile, upperQuartile } = timed.speedUp;
  return { median: 1 / median, lowerQuartile: 1 / upperQuartile, upperQuartile: 1 / lowerQuartile };
}

/** What can be drawn of measured plans: a share and how far it may be off. */
export interface Quantity {
  readonly id: string;
  /** "MACs": on an axis, and in a list of what there is. */
  readonly label: string;
  /** Whether less is better. */
  readonly isCost: boolean;
  /** null where it is not known of the plan. */
  of(plan: MeasuredPlan): { readonly value: number; readonly low: number; readonly high: number } | null;
}

const exactly = (value: number) => ({ value, low: value, high: value });

/** Everything that can be drawn along an axis, shares of the original's but for accuracy. */
export const quantities: readonly Quantity[] = [
  {
    id: 'accuracy',
    label: 'Accuracy',
    isCost: false,
    of: ({ accuracy: { share, interval } }) => ({ value: share, ...interval }),
  },
  { id: 'macs', label: 'MACs', isCost: true, of: ({ shares }) => exactly(shares.macs) },
  { id: 'parameters', label: 'Parameters', isCost: true, of: ({ shares }) => exactly(shares.parameters) },
  { id: 'bytes', label: 'Bytes', isCost: true, of: ({ shares }) => exactly(shares.bytes) },
  {
    id: 'time',
    label: 'Time',
    isCost: true,
    of: ({ time }) => time && { value: time.median, low: time.lowerQuartile, high: time.upperQuartile },
  },
];

/** A quantity by its id; accuracy where there is none of that name. */
export function quantityNamed(id: string): Quantity {
  return quantities.find((quantity) => quantity.id === id) ?? quantities[0]!;
}

/** Keys of the plans that no other beats: as little cost, as much accuracy. */
export function bestOf(plans: readonly MeasuredPlan[], cost: Quantity): ReadonlySet<string> {
  const known = plans.flatMap((plan) => {
    const spent = cost.of(plan);
    return spent ? [{ key: plan.key, cost: spent.value, worth: plan.accuracy.share }] : [];
  });
  return new Set(paretoFront(known).map((place) => known[place]!.key));
}

/** What a plan is called: its own name, or "ENC-Map at 49.9 % of MACs, repaired". */
export function planName({ name, methods: proposing, shares, stage }: MeasuredPlan): string {
  if (name !== '') return name;
  const by = proposing.map((id) => methods.find(id)?.label ?? id).join(', ') || 'Ranks';
  return `${by} at ${formatPercent(shares.macs)} of MACs${stage === 'cut' ? '' : `, ${stage}`}`;
}

/** What a person asks for to come back to a plan: the settings that it was made under, as far as anybody noted them. */
export function settingsOfPlan({ asked, methods: proposing, shares }: MeasuredPlan): AskedSettings {
  if (asked) return asked;
  const [method] = proposing;
  return { target: heldTarget(shares.macs), cost: 'macs', second: null, ...(method ? { method } : {}) };
}

/** A target that the slider can stand at. */
function heldTarget(share: number): number {
  const steps = Math.round(share / targetRange.step);
  return Math.min(targetRange.max, Math.max(targetRange.min, Number((steps * targetRange.step).toFixed(4))));
}

/** The plan as something to be compared with. */
export function savedFrom(plan: MeasuredPlan, present: Settings): SavedPlan {
  const { costs, shares } = plan;
  const { method = present.method, target = heldTarget(shares.macs), cost = 'macs' } = settingsOfPlan(plan);
  return { method, target, achieved: shares[cost] ?? shares.macs, costs, recipe: cutOf(plan) };
}

/** The plan as it is cut: what is repaired, saved and timed follows from it. */
export function cutOf({ recipe }: MeasuredPlan): Recipe {
  return withoutSteps(recipe);
}
