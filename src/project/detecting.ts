import { originalRecipe } from '../compression/recipe';
import { correctWithin, countCorrectImages } from '../answers/correct';
import { meanProbability } from '../answers/probabilities';
import { topClass } from '../answers/topClasses';
import { wilsonInterval } from '../linalg/intervals';
import { outcomeOf, unwrap, type Outcome } from '../network/failure';
import type { Preprocessing } from '../network/images';
import { inputChannels, inputImage } from '../network/inputImage';
import { presetCandidates, type PresetCandidate } from '../network/presets';
import { evaluateKind, type Answers } from '../../workers/protocol/evaluate';
import type { OnProgress } from '../../workers/protocol/progress';
import type { Studio } from '../../workers/protocol/studio';
import type { ImagesSummary, NetworkSummary } from '../../workers/protocol/summaries';

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
}

/** Images for a first look at every preset, and for those that are still in question then. */
export const firstImages = 64;
const allImages = 320;

/**
 * Finds the preprocessing that a network was trained with: runs the original on a few hundred images through every
 * preset in every order of channels. The greatest accuracy wins; among presets that
 * the images cannot tell from it (two standard errors of the paired difference) the first of
 * {@link presetCandidates} does. Without labels the surest answers win, which is only a guess.
 */
export function detectPreprocessing(
  studio: Pick<Studio, 'run'>,
  signal: AbortSignal,
  network: Pick<NetworkSummary, 'fingerprint' | 'input'>,
  images: Pick<ImagesSummary, 'fingerprint' | 'count' | 'labels'>,
  onProgress: OnProgress,
): Promise<Outcome<Detection>> {
  return outcomeOf(async () => {
    const candidates = presetCandidates(
      inputChannels(network.input.shape),
      inputImage(network.input.shape)?.height,
    );
    const spread = spreadIndices(images.count, allImages);
    const first = spreadIndices(spread.length, firstImages).map((position) => spread[position]!);
    let done = 0;
    const run = async (candidate: PresetCandidate, indices: Uint32Array): Promise<PresetResult> => {
      const selection = {
        images: images.fingerprint,
        indices,
        preprocessing: forInput(candidate.preprocessing),
      };
      onProgress({ stage: 'evaluating', done, total: candidates.length * allImages, unit: 'images' });
      done += indices.length;
      const task = { recipe: originalRecipe(network.fingerprint), selection };
      const answers = unwrap(await studio.run(signal, evaluateKind, task, () => undefined));
      return resultOf(candidate, answers, indices, images.labels);
    };
    const results: PresetResult[] = [];
    for (const candidate of candidates) {
      results.push(await run(candidate, first));
    }
    const best = results.reduce(better);
    for (const [index, candidate] of candidates.entries()) {
      if (spread.length > first.length && isInQuestion(results[index]!, best))
        results[index] = await run(candidate, spread);
    }
    return ranked(results, images.labels === null);
  });
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

function ranked(results: readonly PresetResult[], isGuess: boolean): Detection {
  const whole = Math.max(...results.map(({ images }) => images));
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
  const lost = correctByImage.reduce(
    (sum, mark, image) => sum + (best.correctByImage![image]! > mark ? 1 : 0),
    0,
  );
  const won = correctByImage.reduce(
    (sum, mark, image) => sum + (best.correctByImage![image]! < mark ? 1 : 0),
    0,
  );
  return lost - won > 2 * Math.sqrt(lost + won);
}
