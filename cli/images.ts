import type { Draw, DrawnImages } from '../src/compression/draw';
import { fail } from '../src/network/failure';
import type { Preprocessing } from '../src/network/images';
import type { ImagesSummary } from '../workers/protocol/summaries';

/** A set of images that is open, and how its pixels become the network's input. */
export interface OpenImages {
  readonly summary: ImagesSummary;
  /** With a number for every channel. */
  readonly preprocessing: Preprocessing;
}

/** Some images of a set that is open. */
export function drawn({ summary, preprocessing }: OpenImages, draw: Draw): DrawnImages {
  return { images: summary.fingerprint, draw, preprocessing };
}

/** None of them. */
export function noneOf(images: OpenImages): DrawnImages {
  return drawn(images, { kind: 'run', from: 0, count: 0 });
}

/** The first so many in the order of the files; all of them where there are no more. */
export function firstOf(images: OpenImages, count: number): DrawnImages {
  const isAll = count >= images.summary.count;
  return drawn(images, isAll ? { kind: 'all' } : { kind: 'run', from: 0, count });
}

/**
 * A run in the order of the files.
 *
 * @param what names the images in the failure
 * @throws FailureError `invalid-request` where there are fewer
 */
export function runOf(images: OpenImages, from: number, count: number, what: string): DrawnImages {
  requireCount(images, from + count, count, what);
  return from === 0 ? firstOf(images, count) : drawn(images, { kind: 'run', from, count });
}

/**
 * The first so many in the order that a seed shuffles them into.
 *
 * @throws FailureError `invalid-request` where there are fewer
 */
export function shuffledOf(images: OpenImages, seed: number, count: number, what: string): DrawnImages {
  requireCount(images, count, count, what);
  return drawn(images, { kind: 'shuffled', seed, from: 0, count });
}

/**
 * Splits the first so many images of a set by seed, so that no image serves both.
 *
 * @param among how many of the set take part; more than there are takes all
 * @throws FailureError `invalid-request` where no image would be left for the report
 */
export function splitOf(
  images: OpenImages,
  among: number,
  calibration: number,
  seed: number,
): { readonly calibration: DrawnImages; readonly report: DrawnImages } {
  const { count } = images.summary;
  const found = Math.min(among, count);
  if (calibration >= found) {
    fail(
      'invalid-request',
      `--calibration-images: expected fewer than the ${found} images of --data, found ${calibration}; give fewer, or more images.`,
    );
  }
  const part = (from: number, size: number) => {
    const limit = found < count ? { among: found } : {};
    return drawn(images, { kind: 'shuffled', seed, from, count: size, ...limit });
  };
  return { calibration: part(0, calibration), report: part(calibration, found - calibration) };
}

/**
 * The images of a set that come after those of a draw, in the draw's own order; the draw was of the same set.
 *
 * @param max no more than so many
 * @throws FailureError `invalid-request` where none is left
 */
export function restOf(images: OpenImages, { draw }: DrawnImages, max: number): DrawnImages {
  const { count } = images.summary;
  if (draw.kind === 'all') return noneLeft(images);
  const among = draw.kind === 'shuffled' ? Math.min(draw.among ?? count, count) : count;
  const from = draw.from + draw.count;
  const left = Math.min(among - from, max);
  return left > 0 ? drawn(images, { ...draw, from, count: left }) : noneLeft(images);
}

function noneLeft({ summary }: OpenImages): never {
  return fail(
    'invalid-request',
    `${summary.name}: expected images beside those that repair looks at, found none to report on; give others by --data.`,
  );
}

function requireCount({ summary }: OpenImages, needed: number, count: number, what: string): void {
  if (summary.count >= needed) return;
  fail(
    'invalid-request',
    `${summary.name}: expected ${needed} images, ${count} of them ${what}, found ${summary.count}; give more images, or ask for fewer.`,
  );
}
