import { greatest } from '../linalg/extremes';
import type { Interval } from '../linalg/intervals';
import { isotonicFit } from '../linalg/isotonic';

/** A network that was cut and measured: what curves foretold of it, and what it reached. */
export interface SeenAccuracy {
  /** −ln of the quality that the curves foretell for the whole network, over 0. */
  readonly damage: number;
  /** Right answers among the images. */
  readonly correct: number;
  readonly images: number;
}

/** An accuracy that was not measured, with the interval in which measuring would find it 95 times of 100. */
export interface ForetoldAccuracy extends Interval {
  readonly share: number;
}

/** How accuracy follows from damage in what was measured. */
export interface Foretelling {
  /** null where nothing like it was measured: beyond the greatest damage seen, or too uncertain to be of use. */
  at(damage: number): ForetoldAccuracy | null;
}

/** Fewer networks than this say nothing of how far they scatter. */
export const fewestSeen = 3;
/** An interval wider than this helps nobody. */
const widest = 0.25;

/** Standard deviations between which a normal chance stays 95 times of 100. */
const normal = 1.96;

/** An accuracy between two others, of less and of more damage. */
interface Bracket {
  readonly share: number;
  /** The accuracies at its ends. */
  readonly from: number;
  readonly to: number;
}

/**
 * What measuring has shown of how accuracy falls with damage, and nothing else: no law is assumed but that it falls.
 * Between two networks that were measured accuracy lies between theirs, give or take a chance: that of the images, or
 * as much more as those that were measured have strayed from what the others of them foretell.
 *
 * @param original the untouched network on the same images: no damage
 * @returns null where too little was measured
 */
export function foretellingFrom(
  seen: readonly SeenAccuracy[],
  original: Pick<SeenAccuracy, 'correct' | 'images'>,
): Foretelling | null {
  if (seen.length < fewestSeen) return null;
  const whole = { ...original, damage: 0 };
  const deviation = (share: number) => deviationOf(share, original.images);
  const strays = seen.flatMap((own) => {
    const others = seen.filter((other) => other !== own);
    const bracket = bracketsOf([whole, ...others])(own.damage);
    if (!bracket) return [];
    const share = own.correct / own.images;
    return [Math.max(0, bracket.to - share, share - bracket.from) / deviation(share)];
  });
  // The farthest stray of few is less than the farthest of many would be.
  const reach = Math.max(normal, (1 + 2 / seen.length) * Math.max(0, greatest(strays)));
  // Asked in every frame of a drag, so what does not depend on the plan is worked out once.
  const bracketAt = bracketsOf([whole, ...seen]);
  return {
    at(damage) {
      const bracket = bracketAt(damage);
      if (!bracket) return null;
      const { share, from, to } = bracket;
      const low = Math.max(0, to - reach * deviation(to));
      const high = Math.min(1, from + reach * deviation(from));
      return high - low > widest ? null : { share, low, high };
    },
  };
}

/** Finds the measured networks on both sides of a damage, as accuracy falls through all; null beyond the last. */
function bracketsOf(seen: readonly SeenAccuracy[]): (damage: number) => Bracket | null {
  const sorted = seen.toSorted((a, b) => a.damage - b.damage);
  const shares = isotonicFit(
    sorted.map(({ correct, images }) => correct / images),
    { direction: 'non-increasing' },
  );
  return (damage) => {
    const after = sorted.findIndex((own) => own.damage >= damage);
    if (after < 0) return null;
    const before = Math.max(0, after - 1);
    const [from, to] = [shares[before]!, shares[after]!];
    const [left, right] = [sorted[before]!.damage, sorted[after]!.damage];
    const along = right > left ? (damage - left) / (right - left) : 1;
    return { share: from + along * (to - from), from, to };
  };
}

/** Of a share of so many images; no less than that of a share with one image on its other side. */
function deviationOf(share: number, images: number): number {
  const held = Math.min(1 - 1 / images, Math.max(1 / images, share));
  return Math.sqrt((held * (1 - held)) / images);
}
