import { methods } from '../compression/methods';
import { isWithoutLoss, lossChance, smallestWithoutLoss, type Discordance } from '../enc/lossless';
import { canonicalKey } from '../network/canonical';
import type { BackgroundTask } from './background';
import { compareMeasurements } from './comparison';
import type { LosslessNote, LosslessTrial } from './document';
import { comparingPart, hasEnough, imageParts, type ImagePart } from './images';
import { imagesKey, joinedKey, type Measurement } from './measurement';
import { original, presentRepair } from './measurements';
import { formatInteger, formatPercent, formatTarget } from './numbers';
import { originOf } from './origin';
import { plannerOf } from './planning';
import { remembered } from './remembered';
import type { ProjectState } from './state';

/** Targets that are tried, rising: one per cent from the next. Whatever is more than the last is hardly smaller. */
export const losslessTargets: readonly number[] = Array.from({ length: 91 }, (_, index) => (5 + index) / 100);

/** A search for the smallest plan of a method whose answers are no worse than the original's. */
export interface LosslessTask extends BackgroundTask {
  readonly method: string;
  readonly level: number;
}

/** The search that there is to do for the chosen method; null where it cannot be. */
export const losslessTask = remembered(
  (state: ProjectState) => [
    state.backend,
    plannerOf(state),
    imageParts(state),
    comparingPart(state),
    presentRepair(state),
    state.document.settings.method,
    state.document.settings.lossLevel,
    originOf(state, state.document.settings.method),
  ],
  (state): LosslessTask | null => {
    const { method, lossLevel: level, cost } = state.document.settings;
    const parts = imageParts(state);
    const planner = plannerOf(state);
    if (!state.backend || !planner?.isComplete || !parts || !original(state)) return null;
    if (!hasEnough(state, 'selection') || parts.report.indices.length === 0) return null;
    const images = [comparingPart(state)!, parts.report].map(({ drawn }) => imagesKey(drawn));
    const about = [planner.network, originOf(state, method), level, cost, presentRepair(state), images];
    return { key: canonicalKey(['lossless', ...about]), method, level };
  },
);

/** How far a search has come; null before it has begun. */
export function losslessNote({ document }: ProjectState, task: LosslessTask | null): LosslessNote | null {
  return (task && document.lossless[task.key]) ?? null;
}

/** The smallest that was without loss on the selection images; null where there is none, or none yet. */
export function smallestTrial({ trials }: LosslessNote): LosslessTrial | null {
  const target = smallestWithoutLoss(trials);
  return trials.find((trial) => trial.target === target) ?? null;
}

/** What was seen of a network on some images, if it ran on them. */
export function seenOn({ document }: ProjectState, recipe: string, part: ImagePart): Measurement | null {
  return document.measurements[joinedKey(recipe, imagesKey(part.drawn))] ?? null;
}

/**
 * Where a network and the original are not equally right on some images, on which both ran.
 *
 * @param labels class per image; without them the original's own answers are the right ones
 */
export function discordanceOf(
  uncut: Measurement,
  measurement: Measurement,
  labels: ArrayLike<number> | null,
): Discordance {
  const compared = compareMeasurements(uncut, measurement, labels ?? uncut.answers);
  return { onlyOriginal: compared.onlyFirst, onlyPlan: compared.onlySecond, images: compared.images };
}

/**
 * A trial as it ended.
 *
 * @param before the trials of the same search before it
 * @param reported number of report images, on which the loss is to hold up
 */
export function judged(
  trial: Omit<LosslessTrial, 'isLossless'>,
  before: readonly LosslessTrial[],
  level: number,
  reported: number,
): LosslessTrial {
  const passed = before.filter(({ isLossless }) => isLossless).length;
  return { ...trial, isLossless: isWithoutLoss(trial.seen, level, reported, passed) };
}

/** "3 images right by the original alone, 1 by the plan alone" */
function discordanceText({ onlyOriginal, onlyPlan }: Discordance): string {
  const images = onlyOriginal === 1 ? 'image' : 'images';
  return `${formatInteger(onlyOriginal)} ${images} right by the original alone, ${formatInteger(onlyPlan)} by the plan alone`;
}

/** What a search has found, in a sentence; what it is at while it goes on. */
export function losslessText(note: LosslessNote, level: number): string {
  const { label } = methods.get(note.method);
  const found = smallestTrial(note);
  if (!note.isFinished)
    return found
      ? `${label} at ${formatTarget(found.target)} loses nothing so far; smaller ones are tried.`
      : 'No target without loss is found yet.';
  if (!found)
    return `${label} loses accuracy on the selection images at every target up to ${formatTarget(losslessTargets.at(-1)!)}.`;
  const name = `${label} at ${formatTarget(found.target)} (${formatPercent(found.achieved)} of MACs)`;
  const { confirmed } = note;
  if (!confirmed) return `${name} is the smallest without loss on the selection images.`;
  const chance = lossChance(confirmed);
  const said = `${discordanceText(confirmed)}, of ${formatInteger(confirmed.images)} (p = ${chanceText(chance)}, McNemar, one-sided)`;
  return chance >= level
    ? `${name} is the smallest without loss. The report images show none either: ${said}.`
    : `${name} is the smallest without loss on the selection images, but the report images show one: ${said}. More selection images, or a higher level, ask for more.`;
}

function chanceText(chance: number): string {
  return chance < 0.001 ? 'below 0.001' : chance.toFixed(3);
}
