import { countCorrect } from '../answers/correct';
import { originalRecipe } from '../compression/recipe';
import { outcomeOf, unwrap, type Outcome } from '../network/failure';
import type { Preprocessing } from '../network/images';
import { evaluateKind } from '../../workers/protocol/evaluate';
import type { OnProgress } from '../../workers/protocol/progress';
import type { Studio } from '../../workers/protocol/studio';
import type { ImagesSummary, NetworkSummary } from '../../workers/protocol/summaries';
import { doubtOf, isChance, type PreprocessingDoubt, type Share } from './chance';
import { detectPreprocessing, spreadIndices, type ImagesInQuestion } from './detecting';
import { noteOf, type DetectionNote } from './detection';

/** Images that show whether a network is at chance on them. */
const doubtedImages = 64;

/** What trying every preset showed, and whether one of them should be taken instead of the one in use. */
export interface DoubtReport {
  readonly detection: DetectionNote;
  readonly doubt: PreprocessingDoubt | null;
}

/**
 * Looks whether a preprocessing gives labelled images no better than chance: runs the original on the first few dozen
 * and, only where they are at chance, every preset.
 *
 * @returns null where all is well, and without labels
 */
export function doubtPreprocessing(
  studio: Pick<Studio, 'run'>,
  signal: AbortSignal,
  network: NetworkSummary,
  images: ImagesSummary & Pick<ImagesInQuestion, 'readings'>,
  preprocessing: Preprocessing,
  onProgress: OnProgress,
): Promise<Outcome<DoubtReport | null>> {
  return outcomeOf(async () => {
    const share = await shareOf(studio, signal, network, images, preprocessing);
    if (share === null || !isChance(share, network.classes)) return null;
    const found = unwrap(await detectPreprocessing(studio, signal, network, images, onProgress));
    const detection = noteOf(network.fingerprint, images.fingerprint, found);
    return { detection, doubt: doubtOf(preprocessing, share, network.classes, detection) };
  });
}

/** Right answers on some images of the whole set; null without labels. */
async function shareOf(
  studio: Pick<Studio, 'run'>,
  signal: AbortSignal,
  { fingerprint }: NetworkSummary,
  { labels, fingerprint: images, count }: ImagesSummary,
  preprocessing: Preprocessing,
): Promise<Share | null> {
  if (!labels) return null;
  const indices = spreadIndices(count, doubtedImages);
  const selection = { images, indices, preprocessing };
  const task = { recipe: originalRecipe(fingerprint), selection, notNumbers: 'ignored' } as const;
  const answers = unwrap(await studio.run(signal, evaluateKind, task, () => undefined));
  const own = Array.from(indices, (index) => labels[index]!);
  return { correct: countCorrect(answers, own).top1, images: indices.length };
}
