import type { PerCost } from '../../enc/costs';
import type { OfferedForm } from '../../../workers/protocol/summaries';
import { ranksOf, type Recipe } from '../../compression/recipe';
import type { LayerDescription, Ranks } from '../../network/layers';
import type { DetectionNote } from '../../project/detection';
import { areLayersTooLong } from '../../project/address';
import { orderNote } from '../../project/labelling';
import { originalMeasurement } from '../../project/measurements';
import { plannerOf } from '../../project/planning';
import { doubtText, preprocessingDoubtOf } from '../../project/chance';
import { describePreprocessing } from '../../project/preprocessing';
import { remembered } from '../../project/remembered';
import type { PairSide } from '../../project/settings';
import type { StudioState } from './state';
import { linkedSettings } from './transitions';
import { ownValue } from '../../network/ownValue';

/** What the network can be downloaded as, the default form first; empty while none is open. */
export function offeredForms({ network }: StudioState): readonly OfferedForm[] {
  return network?.summary.forms ?? noForms;
}

const noForms: readonly OfferedForm[] = [];

/** A layer's description by name. */
export function layerNamed({ network }: StudioState, name: string | null): LayerDescription | null {
  return network?.summary.layers.find((layer) => layer.name === name) ?? null;
}

/** The layers that are acted on together, in network order: one or more wherever a network is open. */
export const selectedLayers = remembered(
  ({ network, ui }: StudioState) => [network?.summary.layers, ui.selectedLayer, ui.selectedLayers],
  ({ network, ui }): readonly LayerDescription[] => {
    const layers = network?.summary.layers ?? [];
    const chosen = layers.filter(({ name }) => ui.selectedLayers.includes(name));
    const current = ui.selectedLayer ?? layers[0]?.name;
    return chosen.length > 0 ? chosen : layers.filter(({ name }) => name === current);
  },
);

/** Whether what is decided about single layers is too long for the address. */
export const isTooLongForAddress = remembered(
  ({ network, linked, document: { settings } }: StudioState) => [
    ...[network?.summary.layers, linked],
    ...[settings.overrides, settings.limits, settings.factorisations],
  ],
  (state) => areLayersTooLong(linkedSettings(state)),
);

/** The plan on one side of a comparison. */
export interface SidePlan {
  readonly costs: PerCost<number>;
  /** Of every layer that may be cut; null keeps it whole. */
  readonly ranks: Ranks;
  readonly recipe: Recipe;
}

/** The plan on one side of a comparison; null where there is none. */
export function sidePlan(state: StudioState, side: PairSide): SidePlan | null {
  if (side === 'saved') return savedPlan(state);
  const planned = state.completed?.plans[side];
  if (!planned) return null;
  const known = sides.get(planned);
  if (known) return known;
  const made = { costs: planned.plan.costs, ranks: planned.plan.ranks, recipe: planned.recipe };
  sides.set(planned, made);
  return made;
}

/** Components must see the same object for the same plan. */
const sides = new WeakMap<object, SidePlan>();

const savedPlan = remembered(
  (state: StudioState) => [state.document.saved, plannerOf(state)?.problem],
  (state): SidePlan | null => {
    const { saved } = state.document;
    const layers = plannerOf(state)?.problem.layers ?? [];
    if (!saved) return null;
    const cut = ranksOf(saved.recipe);
    const ranks = Object.fromEntries(layers.map(({ name }) => [name, ownValue(cut, name) ?? null]));
    return { costs: saved.costs, ranks: { ...ranks, ...cut }, recipe: saved.recipe };
  },
);

/** What trying every preset showed for the network and images that are open. */
export function detectionNote({ document, network, images }: StudioState): DetectionNote | null {
  const { detection } = document;
  const isOfThese =
    detection?.network === network?.summary.fingerprint && detection?.images === images?.fingerprint;
  return isOfThese ? detection : null;
}

/** A sentence where preprocessing, or order of classes, are probably not the network's own. */
export function inputDoubt(state: StudioState): string | null {
  const original = originalMeasurement(state);
  if (!original || original.top1 === null) return null;
  const doubt = preprocessingDoubtOf(state);
  if (doubt) return doubtText(doubt);
  const share = original.top1 / original.count;
  const { preprocessing, preprocessingIsGuess } = state.document.settings;
  const isOrderOpen = orderNote(state.images, state)?.decided === null;
  if (share >= 0.5) {
    if (isOrderOpen)
      return 'Which order the classes are in could not be decided by these images; choose it beside them.';
    if (!preprocessingIsGuess) return null;
    return `The preprocessing (${describePreprocessing(preprocessing)}) is a guess; choose the one the network was trained with, beside the images.`;
  }
  return `The original network answers only ${(share * 100).toFixed(1)} % of these images right. Is this the preprocessing it was trained with${isOrderOpen ? ', and are its classes in this order' : ''}?`;
}
