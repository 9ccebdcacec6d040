import { recipeKey, type Recipe } from '../../src/compression/recipe';
import { correctWithin } from '../../src/answers/correct';
import { standings } from '../../src/enc/race';
import type { Answers } from '../protocol/evaluate';
import { evaluateKind } from '../protocol/evaluate';
import { raceKind, type RaceRequest, type RaceSpec, type RaceStanding } from '../protocol/race';
import type { ImageSelection } from '../protocol/selection';
import { defineJob, type JobTools } from './job';

type Evaluate = (recipe: Recipe, selection: ImageSelection) => Promise<Answers>;

/** Races candidates; each of their evaluations is spread over the threads. */
export const raceJob = defineJob(raceKind, (pool, request, tools) =>
  race(
    request,
    (recipe, selection) =>
      pool.run(evaluateKind, {
        ...{ recipe, selection, notNumbers: 'unanswered' },
        witness: request.indices[0],
      }),
    tools,
  ),
);

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
  request: RaceRequest,
  evaluate: Evaluate,
  { onEvent, onProgress, signal }: JobTools<RaceSpec>,
): Promise<readonly RaceStanding[]> {
  const keys = request.candidates.map(({ recipe }) => recipeKey(recipe));
  const correctByImage = new Map<string, Uint8Array>(keys.map((key) => [key, new Uint8Array(0)]));
  let table: readonly RaceStanding[] = [];
  for (const end of batchEnds(request.indices.length, request.firstBatch)) {
    const running = keys.filter((_, index) => !table[index]?.isDropped);
    let done = 0;
    for (const key of new Set(running)) {
      if (signal.aborted) return table;
      const { recipe } = request.candidates[keys.indexOf(key)]!;
      const soFar = correctByImage.get(key)!;
      correctByImage.set(key, await correctUpTo(end, recipe, key, soFar, request, evaluate));
      onProgress({ stage: 'racing', done: ++done, total: running.length, unit: 'candidates' });
    }
    table = judged(request, keys, correctByImage);
    onEvent(table);
  }
  return table;
}

/** Right answers of a candidate up to an image; what is known is not run again. */
async function correctUpTo(
  end: number,
  recipe: Recipe,
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
  const answers = await evaluate(recipe, { images, indices, preprocessing });
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
