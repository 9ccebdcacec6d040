import { methods } from '../compression/methods';
import { recipeKey, withStep, type Recipe } from '../compression/recipe';
import { defaultDistil, distil, distilStep, mayFlip } from '../compression/steps/distil';
import { imagesOf } from '../compression/steps/step';
import type { BackgroundTask } from './background';
import type { DistilNote } from './document';
import { imageParts, setOf } from './images';
import type { Measurement } from './measurement';
import { measurementOf, repairedRecipe } from './measurements';
import { formatInteger, formatPercent } from './numbers';
import { paceKey } from './repairs';
import { resultsOf } from './results';
import type { ProjectState } from './state';
import { planOfSide } from './waiting';

/** A repaired plan to distil, and to measure then. */
export interface DistilTask extends BackgroundTask {
  /** Ends in the distillation. */
  readonly recipe: Recipe;
  /** The method that proposed it. */
  readonly method: string;
  /** Share of the original MACs. */
  readonly achieved: number;
}

/** Whether images are mirrored: as a person says, else as their channels do. */
export function mirrors(state: ProjectState): boolean {
  const { mirror } = state.document.settings;
  const set = setOf(state, imageParts(state)?.calibration.images ?? '');
  return mirror ?? (set !== null && mayFlip(set.channels));
}

/** What there is to distil: the chosen method's plan behind its repair; null where nothing is cut, or not repaired. */
export function distilTaskOf(state: ProjectState): DistilTask | null {
  const { method, seed, epochs } = state.document.settings;
  const planned = planOfSide(state, method);
  const repaired = planned && !planned.isOriginal ? repairedRecipe(state, planned.recipe) : null;
  const calibration = imageParts(state)?.calibration.drawn;
  if (!planned || !repaired || !calibration) return null;
  const recipe = withStep(repaired, distilStep(calibration, seed, { epochs, flip: mirrors(state) }));
  return { key: recipeKey(recipe), recipe, method, achieved: planned.achieved };
}

/** Why the chosen method's plan cannot be distilled (a sentence); null where it can. */
export function distilObstacle(state: ProjectState): string | null {
  const planned = planOfSide(state, state.document.settings.method);
  if (!planned) return 'There is no plan yet.';
  if (planned.isOriginal) return 'This plan cuts nothing, so there is nothing to learn back.';
  if (!repairedRecipe(state, planned.recipe))
    return 'Distillation follows repair: switch repair on, with at least 16 calibration images.';
  return null;
}

/** The distillation that goes on, whichever plan it is of; null where none does. */
export function presentDistilling(state: ProjectState): DistilNote | null {
  const notes = Object.values(state.document.distillations);
  return notes.find((note) => note.best === null && canDistil(state, note)) ?? null;
}

/** What distillation made of a plan as it is cut, behind its present repair: the last one that ended; null before. */
export function distilNoteOf(state: ProjectState, cut: Recipe): DistilNote | null {
  const repaired = repairedRecipe(state, cut);
  if (!repaired) return null;
  const base = recipeKey(repaired);
  const notes = Object.values(state.document.distillations);
  return notes.findLast((note) => note.base === base && note.best !== null) ?? null;
}

/** The measurement of what distillation made of a plan, if it ran and helped. */
export function distilledMeasurement(state: ProjectState, cut: Recipe): Measurement | null {
  const note = distilNoteOf(state, cut);
  return note && (note.best ?? 0) > 0 ? measurementOf(state, note.recipe) : null;
}

/** The network that is downloaded of a plan as far as it was made: distilled, else repaired, else as it is cut. */
export function finalRecipe(state: ProjectState, cut: Recipe): Recipe {
  const note = distilNoteOf(state, cut);
  if (note && (note.best ?? 0) > 0) return note.recipe;
  return repairedRecipe(state, cut) ?? cut;
}

/** A distillation before its first epoch. */
export function beganDistilling({ recipe, method, achieved }: DistilTask): DistilNote {
  const base = recipeKey(beforeDistilling(recipe));
  return { recipe, base, method, achieved, epochs: [], best: null };
}

/** A distillation as something to do. */
export function taskOfNote({ recipe, method, achieved }: DistilNote): DistilTask {
  return { key: recipeKey(recipe), recipe, method, achieved };
}

/** The recipe that a distillation begins with. */
export function beforeDistilling(recipe: Recipe): Recipe {
  return { ...recipe, steps: recipe.steps.slice(0, -1) };
}

/** The recipe of a distillation that is stopped behind some of its epochs; 0 lets it go on. */
export function stoppedAt(recipe: Recipe, stop: number): Recipe {
  const step = recipe.steps.at(-1)!;
  return withStep(beforeDistilling(recipe), { ...step, settings: { ...step.settings, stop } });
}

/** Epochs that have ended, and that there are in all. */
export function epochsOf({ recipe, epochs }: DistilNote): { readonly done: number; readonly total: number } {
  const { epochs: total, stop } = { ...defaultDistil, ...recipe.steps.at(-1)?.settings };
  const all = Number(total);
  return { done: Math.max(0, epochs.length - 1), total: stop > 0 ? Math.min(all, Number(stop)) : all };
}

/** Whether a recipe ends in a distillation. */
export function isDistilled({ steps }: Recipe): boolean {
  return steps.some(({ kind }) => kind === distil.id);
}

/** Whether all that a distillation needs is open. */
export function canDistil(state: ProjectState, { recipe }: DistilNote): boolean {
  const { network, backend } = state;
  if (!backend || network?.summary.fingerprint !== recipe.network) return false;
  return setOf(state, imagesOf(recipe.steps.at(-1)!).images) !== null && imageParts(state) !== null;
}

/**
 * Seconds of an epoch for each calibration image and each multiply-accumulate that it takes, by {@link paceKey}: of this
 * machine.
 */
export const distilPace = resultsOf<number>('distil-pace');

/**
 * Multiply-accumulates that an epoch takes for each image: a pass of the original where the image is seen for the first
 * time as it is changed, and of the cut network one forward and two back, by its values and by its weights.
 *
 * @param achieved the cut network's share of the original's
 * @param epoch counted from 1
 * @param views epochs in which images are changed anew; 0 for all
 */
export function distilWork(macs: number, achieved: number, epoch: number, views: number): number {
  const isNew = views === 0 || epoch <= views;
  return macs * ((isNew ? 1 : 0) + 3 * achieved);
}

/** Seconds that a distillation of the chosen plan takes at this machine's pace; null before that was measured. */
export function distilSeconds(state: ProjectState): number | null {
  const pace = distilPace.of(state, paceKey(state));
  const planned = planOfSide(state, state.document.settings.method);
  const images = imageParts(state)?.calibration.indices.length;
  if (pace === undefined || !planned || !state.network || !images) return null;
  const { macs } = state.network.summary;
  let work = 0;
  for (let epoch = 1; epoch <= state.document.settings.epochs; epoch++)
    work += distilWork(macs, planned.achieved, epoch, defaultDistil.views);
  return pace * work * images;
}

/** How a distillation stands, in sentences. */
export function distilText(note: DistilNote): string {
  const { method, achieved, epochs, best } = note;
  const name = `${methods.get(method).label} at ${formatPercent(achieved)} of MACs`;
  const [before] = epochs;
  const last = epochs.at(-1);
  const { done, total } = epochsOf(note);
  if (!before || !last) return `${name}: the network before is compared with the original first.`;
  const nats = (value: number) => value.toPrecision(3);
  const begun = `${nats(before.divergence)} nats and ${formatPercent(before.agreement)} before`;
  if (best === null)
    return `${name}: epoch ${formatInteger(done)} of ${formatInteger(total)} is done. On images held back the divergence is ${nats(last.divergence)} nats, with ${formatPercent(last.agreement)} the original’s answers; ${begun}.`;
  const taken = epochs[best];
  if (best === 0 || !taken)
    return `${name}: none of ${formatInteger(done)} epochs came closer to the original beyond chance, so that the repaired network stays.`;
  return `${name}: the state behind epoch ${formatInteger(best)} of ${formatInteger(total)} is kept. On images held back its divergence is ${nats(taken.divergence)} nats, with ${formatPercent(taken.agreement)} the original’s answers; ${begun}.`;
}
