import { originalRecipe } from '../compression/recipe';
import { correctWithin, countCorrectImages } from '../answers/correct';
import { meanProbability } from '../answers/probabilities';
import { topClass } from '../answers/topClasses';
import { wilsonInterval } from '../linalg/intervals';
import { outcomeOf, unwrap, type Outcome } from '../network/failure';
import type { Preprocessing } from '../network/images';
import { inputChannels, inputImage } from '../network/inputImage';
import type { Labelling } from '../network/labelling';
import { presetCandidates, type PresetCandidate } from '../network/presets';
import { evaluateKind, type Answers } from '../../workers/protocol/evaluate';
import type { OnProgress } from '../../workers/protocol/progress';
import type { Studio } from '../../workers/protocol/studio';
import type { ImagesSummary, NetworkSummary } from '../../workers/protocol/summaries';
import type { OrderNote } from './orderNote';
import { greatest } from '../linalg/extremes';

/** How a network answers with one preset. */
export interface PresetResult extends PresetCandidate {
  readonly images: number;
  /** Images answered right; null without labels. */
  readonly correct: number | null;
  /** 1 per image answered right; null without labels. */
  readonly correctByImage: Uint8Array | null;
  /** Mean probability of the label, or, without labels, of the class that is answered. */
  readonly confidence: number;
}

/** All presets, the best first; without labels the order is a guess from confidence alone. */
export interface Detection {
  readonly best: PresetResult;
  readonly results: readonly PresetResult[];
  readonly isGuess: boolean;
  /** What the answers with the best preset say of the order of classes; null where there is one order only. */
  readonly order: OrderNote | null;
}

/** Images whose labels may be read in several ways. */
export interface ImagesInQuestion extends Pick<ImagesSummary, 'fingerprint' | 'count' | 'labels'> {
  /** Ways to read the labels, what the files suggest first; absent or empty leaves `labels` as they are. */
  readonly readings?: readonly Pick<Labelling, 'order' | 'labels'>[];
}

/** Images for a first look at every preset, and for those that are still in question then. */
export const firstImages = 64;
const allImages = 320;

/** One preset's answers on some of the images. */
interface Run {
  readonly candidate: PresetCandidate;
  readonly answers: Answers;
  readonly indices: Uint32Array;
}

/**
 * Finds the preprocessing that a network was trained with, and which order its classes are in: runs the original on a
 * few hundred images through every preset in every order of channels. The greatest accuracy wins; among presets that
 * the images cannot tell from it (two standard errors of the paired difference) the first of
 * {@link presetCandidates} does. Without labels the surest answers win, which is only a guess. Where labels can be
 * read in several ways, the presets are judged by the one that {@link orderOf} decides for, if it does.
 *
 * @param candidates presets to try; where there is one, only the order of classes is in question
 */
export function detectPreprocessing(
  studio: Pick<Studio, 'run'>,
  signal: AbortSignal,
  network: Pick<NetworkSummary, 'fingerprint' | 'input'>,
  images: ImagesInQuestion,
  onProgress: OnProgress,
  candidates: readonly PresetCandidate[] = presetCandidates(
    inputChannels(network.input.shape),
    inputImage(network.input.shape)?.height,
  ),
): Promise<Outcome<Detection>> {
  return outcomeOf(async () => {
    const spread = spreadIndices(images.count, allImages);
    const first = spreadIndices(spread.length, firstImages).map((position) => spread[position]!);
    let done = 0;
    const run = async (candidate: PresetCandidate, indices: Uint32Array): Promise<Run> => {
      const selection = {
        images: images.fingerprint,
        indices,
        preprocessing: forInput(candidate.preprocessing),
      };
      onProgress({ stage: 'evaluating', done, total: candidates.length * allImages, unit: 'images' });
      done += indices.length;
      const recipe = originalRecipe(network.fingerprint);
      const task = { recipe, selection, notNumbers: 'ignored' } as const;
      const answers = unwrap(await studio.run(signal, evaluateKind, task, () => undefined));
      return { candidate, answers, indices };
    };
    const runs: Run[] = [];
    for (const candidate of candidates) runs.push(await run(candidate, first));
    const seen = judged(runs, images);
    const best = seen.results.reduce(better);
    for (const [index, candidate] of candidates.entries()) {
      if (spread.length > first.length && isInQuestion(seen.results[index]!, best))
        runs[index] = await run(candidate, spread);
    }
    const { results, order } = judged(runs, images);
    return { ...ranked(results, images.labels === null), order };
  });
}

/** What every preset gave, by the order that the answers decide for. */
function judged(
  runs: readonly Run[],
  { labels, readings = [] }: ImagesInQuestion,
): { readonly results: readonly PresetResult[]; readonly order: OrderNote | null } {
  const order = readings.length > 1 ? orderOf(runs, readings) : null;
  const decided = readings.find((reading) => reading.order === order?.decided) ?? readings[0];
  const results = runs.map(({ candidate, answers, indices }) =>
    resultOf(candidate, answers, indices, decided?.labels ?? labels),
  );
  return { results, order };
}

/** An order is decided by this many standard errors of the paired difference: several were tried. */
const decisiveErrors = 2.5;

/**
 * Which reading of the labels the answers agree with: the one with the most right answers, in the run where it has
 * them; it is decided if every other one has fewer there, beyond chance.
 */
function orderOf(runs: readonly Run[], readings: NonNullable<ImagesInQuestion['readings']>): OrderNote {
  const whole = greatest(runs.map(({ indices }) => indices.length));
  const marks = runs
    .filter(({ indices }) => indices.length === whole)
    .map(({ answers, indices }) =>
      readings.map(({ order, labels }) => {
        const own = Array.from(indices, (index) => labels[index]!);
        const correctByImage = correctWithin(answers, own, 1);
        return { order, correctByImage, correct: countCorrectImages(correctByImage) };
      }),
    );
  const mostOf = (rows: (typeof marks)[number]) => greatest(rows.map(({ correct }) => correct));
  const rows = marks
    .reduce((a, b) => (mostOf(b) > mostOf(a) ? b : a))
    .toSorted((a, b) => b.correct - a.correct);
  const [best, ...others] = rows;
  const isDecided = others.every((other) =>
    isBeaten(other.correctByImage, best!.correctByImage, decisiveErrors),
  );
  return {
    images: whole,
    rows: rows.map(({ order, correct }) => ({ order, correct })),
    decided: isDecided ? best!.order : null,
  };
}

/** At most so many indices, evenly spread: folders come class by class. */
export function spreadIndices(count: number, max: number): Uint32Array {
  const taken = Math.min(count, max);
  return Uint32Array.from({ length: taken }, (_, index) => Math.floor((index * count) / taken));
}

/** One number stands for every channel of the input. */
function forInput(preprocessing: Preprocessing): Preprocessing {
  const count = preprocessing.channels === 'grey' ? 1 : 3;
  const fill = (values: readonly number[]) =>
    values.length === count ? values : Array<number>(count).fill(values[0]!);
  return { ...preprocessing, mean: fill(preprocessing.mean), scale: fill(preprocessing.scale) };
}

function resultOf(
  candidate: PresetCandidate,
  answers: Answers,
  indices: Uint32Array,
  labels: Int32Array | null,
): PresetResult {
  const own = labels && Array.from(indices, (index) => labels[index]!);
  const correctByImage = own && correctWithin(answers, own, 1);
  const correct = correctByImage && countCorrectImages(correctByImage);
  const confidence = meanProbability(answers, own ?? topClass(answers));
  return { ...candidate, images: answers.images, correct, correctByImage, confidence };
}

const shareOf = ({ correct, images, confidence }: PresetResult) =>
  correct === null ? confidence : correct / images;

/** The earlier of equals. */
function better(a: PresetResult, b: PresetResult): PresetResult {
  return shareOf(b) > shareOf(a) ? b : a;
}

function isInQuestion(result: PresetResult, best: PresetResult): boolean {
  if (result.correct === null || best.correct === null) return result.confidence > best.confidence - 0.1;
  const upper = wilsonInterval(result.correct, result.images).high;
  return upper >= wilsonInterval(best.correct, best.images).low;
}

function ranked(results: readonly PresetResult[], isGuess: boolean): Omit<Detection, 'order'> {
  const whole = greatest(results.map(({ images }) => images));
  const best = chosen(results.filter(({ images }) => images === whole));
  const sorted = results.toSorted((a, b) => shareOf(b) - shareOf(a));
  return { best, results: [best, ...sorted.filter((result) => result !== best)], isGuess };
}

/** The first that is no worse than the best beyond two standard errors of their paired difference. */
function chosen(results: readonly PresetResult[]): PresetResult {
  const best = results.reduce(better);
  return results.find((result) => !isClearlyWorse(result, best)) ?? best;
}

function isClearlyWorse({ correctByImage, confidence }: PresetResult, best: PresetResult): boolean {
  if (!correctByImage || !best.correctByImage) return confidence < best.confidence;
  return isBeaten(correctByImage, best.correctByImage, 2);
}

/** Whether so many more images are right with the other marks that it is beyond chance: more than so many errors. */
function isBeaten(correct: Uint8Array, by: Uint8Array, errors: number): boolean {
  const lost = correct.reduce((sum, mark, image) => sum + (by[image]! > mark ? 1 : 0), 0);
  const won = correct.reduce((sum, mark, image) => sum + (by[image]! < mark ? 1 : 0), 0);
  return lost - won > errors * Math.sqrt(lost + won);
}
