import { mcnemarFirstBetter } from '../linalg/intervals';

/** Images that the original and a plan do not answer equally well. */
export interface Discordance {
  /** Right by the original alone. */
  readonly onlyOriginal: number;
  /** Right by the plan alone. */
  readonly onlyPlan: number;
  readonly images: number;
}

/** Probability that a plan which is as accurate as the original would lose so much, or more, by chance: exact one-sided McNemar test. */
export function lossChance({ onlyOriginal, onlyPlan }: Discordance): number {
  return mcnemarFirstBetter(onlyOriginal, onlyPlan);
}

/**
 * How likely the report images must show no loss either, of what it is for a plan that loses nothing. Of
 * several plans each needs as much as makes this of all of them together.
 */
const sureEnough = 2 / 3;

/**
 * Whether nothing shows that a plan is less accurate than the original: neither the test on the images that it was seen
 * on, nor, as far as can be told from these, the same test on the images that it is reported on. The test alone would
 * not do: few images show no loss, and of many plans the one that is taken is the one that they flatter most. That is
 * why a plan must be the surer the more have passed before it: each gave chance another opportunity.
 *
 * @param level of the test, 0 to 1
 * @param reported number of images that it is reported on
 * @param passed plans of the same search that were without loss before
 */
export function isWithoutLoss(seen: Discordance, level: number, reported: number, passed = 0): boolean {
  const sought = sureEnough ** (1 / (passed + 1)) * (1 - level);
  return lossChance(seen) >= level && confirmationChance(seen, level, reported) >= sought;
}

/** Images that count as seen before any is: of those that differ, and are alike; of those that differ, for either side. */
const prior = { differing: 1, alike: 0.5, side: 1 } as const;

/**
 * Probability that the test finds no loss on other images of the same kind, by what was seen: numbers of images that
 * differ are predicted by beta-binomial distributions.
 *
 * @param images how many others
 */
export function confirmationChance(seen: Discordance, level: number, images: number): number {
  const { onlyOriginal, onlyPlan } = seen;
  const differing = onlyOriginal + onlyPlan;
  const shares = betaBinomial(images, differing + prior.differing, seen.images - differing + prior.alike);
  let chance = 0;
  let most = 0;
  for (let count = 0; count <= images; count++) {
    // What a test of so many can bear only grows with their number.
    while (most < count && mcnemarFirstBetter(most + 1, count - most - 1) >= level) most++;
    if (shares[count]! < negligible) continue;
    const own = betaBinomial(count, onlyOriginal + prior.side, onlyPlan + prior.side);
    chance += shares[count]! * own.subarray(0, most + 1).reduce((sum, part) => sum + part, 0);
  }
  return Math.min(1, chance);
}

/** Less than this changes no decision. */
const negligible = 1e-9;

/** Probabilities of 0 to `trials` successes whose share has a beta distribution. */
function betaBinomial(trials: number, a: number, b: number): Float64Array {
  const chances = new Float64Array(trials + 1);
  let log = 0;
  for (let failure = 0; failure < trials; failure++) log += Math.log((b + failure) / (a + b + failure));
  for (let successes = 0; successes <= trials; successes++) {
    chances[successes] = Math.exp(log);
    const left = trials - successes;
    log += Math.log(((left / (successes + 1)) * (a + successes)) / (b + left - 1));
  }
  return chances;
}

/** A target that was tried. */
export interface LossTrial {
  readonly target: number;
  readonly isLossless: boolean;
}

/**
 * The target to try next: in the middle between the smallest that was without loss and the greatest below it that was
 * not. Accuracy falls with the target, so the others need not be tried.
 *
 * @param targets rising
 * @returns null once nothing lies between
 */
export function nextTarget(targets: readonly number[], trials: readonly LossTrial[]): number | null {
  const { from, to } = bracket(targets, trials);
  return from < to ? targets[Math.floor((from + to - 1) / 2)]! : null;
}

/** Trials that are still to come, at most. */
export function trialsLeft(targets: readonly number[], trials: readonly LossTrial[]): number {
  const { from, to } = bracket(targets, trials);
  return Math.ceil(Math.log2(to - from + 1));
}

/** The smallest target that was without loss; null where none was. */
export function smallestWithoutLoss(trials: readonly LossTrial[]): number | null {
  const kept = trials.filter(({ isLossless }) => isLossless).map(({ target }) => target);
  return kept.length === 0 ? null : kept.reduce((a, b) => Math.min(a, b));
}

/** Positions of the targets that may still be the answer, the second one excluded. */
function bracket(targets: readonly number[], trials: readonly LossTrial[]) {
  const smallest = smallestWithoutLoss(trials);
  const to = smallest === null ? targets.length : targets.indexOf(smallest);
  const lost = trials.flatMap(({ target, isLossless }) => (isLossless ? [] : [targets.indexOf(target)]));
  return { from: 1 + lost.filter((place) => place < to).reduce((a, b) => Math.max(a, b), -1), to };
}
