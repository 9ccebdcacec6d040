import { correctWithin } from '../../src/answers/correct';
import { ranksKey } from '../../src/enc/plan';
import { standings } from '../../src/enc/race';
import { unwrap, type Outcome } from '../../src/network/failure';
import type { Ranks } from '../../src/network/layers';
import type { OnProgress } from '../protocol/progress';
import type { RaceRequest, RaceStanding } from '../protocol/race';
import type { Answers, ImageSelection } from '../protocol/service';

type Evaluate = (ranks: Ranks, selection: ImageSelection) => Promise<Outcome<Answers>>;

/** Ends of the batches: the first one, then twice as many images each time, to the last image. */
export function batchEnds(images: number, firstBatch: number): number[] {
  const ends: number[] = [];
  for (let end = firstBatch; end < images; end *= 2) ends.push(end);
  return [...ends, images];
}

/**
 * Races candidates: all run on a small batch, those beaten beyond chance are dropped, the others go on with
 * twice as many images, to the last image. The winner has the most right answers on all images; of equals the
 * one listed first.
 *
 * @returns standings in the order of the candidates
 */
export async function race(
  signal: AbortSignal,
  request: RaceRequest,
  evaluate: Evaluate,
  onStandings: (standings: readonly RaceStanding[]) => void,
  onProgress: OnProgress,
): Promise<readonly RaceStanding[]> {
  const keys = request.candidates.map(({ ranks }) => ranksKey(ranks));
  const correctByImage = new Map<string, Uint8Array>(keys.map((key) => [key, new Uint8Array(0)]));
  let table: readonly RaceStanding[] = [];
  for (const end of batchEnds(request.indices.length, request.firstBatch)) {
    const running = keys.filter((_, index) => !table[index]?.isDropped);
    let done = 0;
    for (const key of new Set(running)) {
      if (signal.aborted) return table;
      const { ranks } = request.candidates[keys.indexOf(key)]!;
      correctByImage.set(
        key,
        await correctUpTo(end, ranks, key, correctByImage.get(key)!, request, evaluate),
      );
      onProgress({ stage: 'racing', done: ++done, total: running.length, unit: 'candidates' });
    }
    table = judged(request, keys, correctByImage);
    onStandings(table);
  }
  return table;
}

/** Right answers of a candidate up to an image; what is known is not run again. */
async function correctUpTo(
  end: number,
  ranks: Ranks,
  key: string,
  soFar: Uint8Array,
  request: RaceRequest,
  evaluate: Evaluate,
): Promise<Uint8Array> {
  const known = request.known.get(key);
  const base = known && known.length > soFar.length ? known : soFar;
  if (base.length >= end) return base.slice(0, end);
  const { images, preprocessing } = request;
  const indices = request.indices.slice(base.length, end);
  const answers = unwrap(await evaluate(ranks, { images, indices, preprocessing }));
  const labels = request.answers.subarray(base.length, end);
  return Uint8Array.from([...base, ...correctWithin(answers, labels, 1)]);
}

function judged(
  request: RaceRequest,
  keys: readonly string[],
  correctByImage: ReadonlyMap<string, Uint8Array>,
): RaceStanding[] {
  const runners = keys.map((key, index) => ({
    correctByImage: correctByImage.get(key)!,
    isSeeded: request.candidates[index]!.isSeeded,
  }));
  return standings(runners).map((standing, index) => ({
    ...standing,
    key: keys[index]!,
    correctByImage: runners[index]!.correctByImage,
  }));
}

/** The candidate with the most right answers among those that ran on every image; the first of equals. */
export function winnerOf(table: readonly RaceStanding[]): number {
  const full = table.reduce((max, { images }) => Math.max(max, images), 0);
  return table.reduce(
    (best, standing, index) =>
      standing.images === full && (best === -1 || standing.correct > table[best]!.correct) ? index : best,
    -1,
  );
}
