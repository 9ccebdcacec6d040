import { countAgreeing } from '../../answers/agreement';
import { countCorrect } from '../../answers/correct';
import { topClass } from '../../answers/topClasses';
import type { Method } from '../../enc/plan';
import type { Answers } from '../../../workers/protocol/service';

/** What running one set of ranks on the report images gave. */
export interface Measurement {
  /** Key of the ranks ({@link ranksKey}); empty for the original network. */
  readonly ranks: string;
  /** Network, images and preprocessing that it holds for. */
  readonly context: string;
  /** Share of the original MACs. */
  readonly achieved: number;
  readonly images: number;
  /** Images answered right at the first try; null without labels. */
  readonly top1: number | null;
  /** Images whose label is among the five highest scores; null without labels. */
  readonly top5: number | null;
  /** The class with the highest score, per image; −1 where no score is a number. */
  readonly answers: Int32Array;
  /** Methods that proposed these ranks. */
  readonly methods: readonly Method[];
  /** Whether the ranks were repaired before they were run. */
  readonly isRepaired?: boolean;
}

/** Key of ranks after repair. */
export function repairedKey(ranks: string): string {
  return `${ranks} repaired`;
}

/** Text that names a measurement: what was run, on which images, prepared how. */
export function measurementKey(context: string, ranks: string): string {
  return `${context}|${ranks}`;
}

/**
 * Counts right answers.
 *
 * @param labels class per evaluated image, in the order of the answers, or null
 */
export function scoreAnswers(
  answers: Answers,
  labels: ArrayLike<number> | null,
): Pick<Measurement, 'images' | 'top1' | 'top5' | 'answers'> {
  const correct = labels ? countCorrect(answers, labels) : { top1: null, top5: null };
  return { ...correct, images: answers.images, answers: topClass(answers) };
}

/** Number of images that two runs answered alike. */
export function countAgreement(a: Measurement, b: Measurement): number {
  return countAgreeing(a.answers, b.answers);
}
