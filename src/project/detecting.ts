import { originalRecipe } from '../compression/recipe';
import { correctWithin, countCorrectImages } from '../answers/correct';
import { meanProbability } from '../answers/probabilities';
import { joinedScores } from '../answers/scores';
import { topClass } from '../answers/topClasses';
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

/** Images that presets have run on after each round; those that are beaten by then go no further. */
const rounds = [16, 80, 160, 320] as const;
const allImages = rounds.at(-1)!;
/** Fewer images than this say nothing of how sure a network is, nor in which order its classes are, and need no rounds. */
const fewestTelling = 64;
/** A preset goes no further where it is behind by this many standard errors of the paired difference. */
const beatenErrors = 3;

/** One preset's answers on the first images. */
interface Run {
  readonly candidate: PresetCandidate;
  /** null before it has run on any. */
  readonly answers: Answers | null;
  readonly images: number;
}

/**
 * Finds the preprocessing that a network was trained with, and which order its classes are in: runs the original on a
 * few hundred images through every preset in every order of channels, in rounds, each with those presets only that the
 * images before have not shown to be worse. The greatest accuracy wins; among presets that the images cannot tell from
 * it (two standard errors of the paired difference) the first of {@link presetCandidates} does. Without labels the surest
 * answers win, which is only a guess. Where labels can be read in several ways, the presets are judged by the one that
 * {@link orderOf} decides for, if it does.
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
    const { indices, ends } = inRounds(images.count);
    let runs: readonly Run[] = candidates.map((candidate) => ({ candidate, answers: null, images: 0 }));
    let done = 0;
    const goOn = async ({ candidate, answers, images: from }: Run, to: number): Promise<Run> => {
      const part = indices.subarray(from, to);
      const preprocessing = forInput(candidate.preprocessing);
      const selection = { images: images.fingerprint, indices: part, preprocessing };
      onProgress({ stage: 'evaluating', done, total: candidates.length * indices.length, unit: 'images' });
      done += part.length;
      const recipe = originalRecipe(network.fingerprint);
      const task = { recipe, selection, notNumbers: 'ignored' } as const;
      const more = unwrap(await studio.run(signal, evaluateKind, task, () => undefined));
      return { candidate, answers: answers ? joined(answers, more) : more, images: to };
    };
    for (const [round, end] of ends.entries()) {
      const isInQuestion = round === 0 ? () => true : questionAfter(runs, indices, images);
      const next: Run[] = [];
      for (const run of runs) next.push(isInQuestion(run) ? await goOn(run, end) : run);
      runs = next;
    }
    const { results, order } = judged(runs, indices, images);
    return { ...ranked(results, images.labels === null), order };
  });
}

function joined(first: Answers, more: Answers): Answers {
  return { ...joinedScores([first, more]), images: first.images + more.images };
}

/** Images in the order in which they are run on, evenly spread after each round, and how many there are by then. */
function inRounds(count: number): { readonly indices: Uint32Array; readonly ends: readonly number[] } {
  const spread = spreadIndices(count, allImages);
  const order = new Set<number>();
  const isFew = spread.length <= fewestTelling;
  const ends = [...rounds.filter((size) => !isFew && size < spread.length), spread.length].map((size) => {
    for (const position of spreadIndices(spread.length, size)) order.add(spread[position]!);
    return order.size;
  });
  return { indices: Uint32Array.from(order), ends: [...new Set(ends)] };
}

/** Tells of runs whether they may still turn out to be the best. */
function questionAfter(
  runs: readonly Run[],
  indices: Uint32Array,
  images: ImagesInQuestion,
): (run: Run) => boolean {
  const count = greatest(runs.map((run) => run.images));
  const last = runs.filter((run) => run.images === count);
  const { results, order } = judged(last, indices, images);
  const tellsNothing = images.labels === null || (order !== null && order.decided === null);
  if (tellsNothing && count < fewestTelling) return () => true;
  const best = results.reduce(better);
  const open = new Set(last.filter((_, index) => isInQuestion(results[index]!, best)));
  return (run) => open.has(run);
}

/** What every preset gave, by the order that the answers decide for. */
function judged(
  runs: readonly Run[],
  indices: Uint32Array,
  { labels, readings = [] }: ImagesInQuestion,
): { readonly results: readonly PresetResult[]; readonly order: OrderNote | null } {
  const order = readings.length > 1 ? orderOf(runs, indices, readings) : null;
  const decided = readings.find((reading) => reading.order === order?.decided) ?? readings[0];
  const results = runs.map(({ candidate, answers, images }) =>
    resultOf(candidate, answers!, indices.subarray(0, images), decided?.labels ?? labels),
  );
  return { results, order };
}

/** An order is decided by this many standard errors of the paired difference: several were tried. */
const decisiveErrors = 2.5;

/**
 * Which reading of the labels the answers agree with: the one with the most right answers, in the run where it has
 * them; it is decided if every other one has fewer there, beyond chance.
 */
function orderOf(
  runs: readonly Run[],
  indices: Uint32Array,
  readings: NonNullable<ImagesInQuestion['readings']>,
): OrderNote {
  const whole = greatest(runs.map(({ images }) => images));
  const marks = runs
    .filter(({ images }) => images === whole)
    .map(({ answers }) =>
      readings.map(({ order, labels }) => {
        const own = Array.from(indices.subarray(0, whole), (index) => labels[index]!);
        const correctByImage = correctWithin(answers!, own, 1);
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
  if (!result.correctByImage || !best.correctByImage) return result.confidence > best.confidence - 0.1;
  return !isBeaten(result.correctByImage, best.correctByImage, beatenErrors);
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
