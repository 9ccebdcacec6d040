import type { DetectionNote } from '../src/project/detection';
import { percent, table } from './output';

/** What the presets gave, as a table for a person, and which one is used. */
export function detectionText({ best, rows: results, isGuess }: DetectionNote): string {
  const rows = results.map(({ preset, preprocessing, correct, images, confidence }) => [
    preset,
    preprocessing.channels,
    correct === null ? '' : percent(correct / images),
    percent(confidence),
    images,
  ]);
  const basis = isGuess
    ? 'a guess: the images carry no labels, so the surest answers decide'
    : 'the best accuracy';
  return [
    table([['preset', 'channels', 'top-1', 'confidence', 'images'], ...rows]),
    `--preprocess ${best.preset} --channels ${best.preprocessing.channels} is used (${basis}).`,
  ].join('\n');
}
