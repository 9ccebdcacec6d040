import { mcnemarTest } from '../linalg/intervals';

/** A candidate's right answers so far: 1 or 0 per selection image, in the same order for all candidates. */
export interface Runner {
  readonly correctByImage: Uint8Array;
  /** Always run on every image (the plans of the other methods), whatever the standings say. */
  readonly isSeeded: boolean;
}

/** Where a candidate stands. */
export interface Standing {
  readonly images: number;
  readonly correct: number;
  /** Beaten beyond reasonable doubt; no more images are spent on it. */
  readonly isDropped: boolean;
}

/** Below this probability of a difference by chance, a candidate that trails is dropped. */
export const dropProbability = 0.05;

/**
 * Judges a race after some batches: a candidate is dropped where the leader beats it on the same images beyond
 * chance (McNemar's test on the images that only one of the two answers rightly). Candidates that were dropped
 * before ran on fewer images and stay dropped.
 *
 * @returns a standing per runner
 */
export function standings(runners: readonly Runner[]): Standing[] {
  const full = runners.reduce((max, { correctByImage }) => Math.max(max, correctByImage.length), 0);
  const leader = runners[leaderOf(runners, full)];
  return runners.map(({ correctByImage, isSeeded }) => ({
    images: correctByImage.length,
    correct: sum(correctByImage),
    isDropped:
      !isSeeded &&
      (correctByImage.length < full ||
        (leader !== undefined && isBeaten(correctByImage, leader.correctByImage))),
  }));
}

/** The runner with the most right answers among those that ran on every image so far; the first of equals. */
function leaderOf(runners: readonly Runner[], full: number): number {
  let best = -1;
  let bestCorrect = -1;
  runners.forEach(({ correctByImage }, index) => {
    const correct = sum(correctByImage);
    if (correctByImage.length === full && correct > bestCorrect) {
      best = index;
      bestCorrect = correct;
    }
  });
  return best;
}

function isBeaten(correctByImage: Uint8Array, leader: Uint8Array): boolean {
  const { onlyFirst, onlySecond } = discordant(correctByImage, leader);
  return onlyFirst < onlySecond && mcnemarTest(onlyFirst, onlySecond).midP < dropProbability;
}

/** Images that only one of two networks answers rightly. */
export function discordant(first: Uint8Array, second: Uint8Array): { onlyFirst: number; onlySecond: number } {
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let image = 0; image < Math.min(first.length, second.length); image++) {
    if (first[image] > second[image]) onlyFirst++;
    else if (second[image] > first[image]) onlySecond++;
  }
  return { onlyFirst, onlySecond };
}

function sum(correctByImage: Uint8Array): number {
  return correctByImage.reduce((total, mark) => total + mark, 0);
}

/**
 * Picks candidates that are worth running beside each other: walks the list from best to worst and takes a plan
 * only where it differs enough from every plan taken before; what is missing is then filled from the top.
 *
 * @param plans best first, with a choice per layer
 * @param least mean difference in choices per layer that counts as different
 */
export function diverse<P extends { readonly choices: Int32Array }>(
  plans: readonly P[],
  count: number,
  min: number,
): P[] {
  const taken: P[] = [];
  for (const plan of plans) {
    if (taken.length === count) break;
    if (taken.every((other) => distance(plan.choices, other.choices) >= min)) taken.push(plan);
  }
  const rest = plans.filter((plan) => !taken.includes(plan));
  return [...taken, ...rest.slice(0, count - taken.length)];
}

/** Mean difference in choices over the layers. */
function distance(a: Int32Array, b: Int32Array): number {
  let total = 0;
  for (let layer = 0; layer < a.length; layer++) total += Math.abs(a[layer] - b[layer]);
  return a.length === 0 ? 0 : total / a.length;
}
