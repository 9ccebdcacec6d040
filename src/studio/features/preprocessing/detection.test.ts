import { describe, expect, it } from 'vitest';
import type { DetectionNote, DetectionRow } from '../../../project/detection';
import { isTaken, originText, scoreText } from './detection';

const row = (preset: 'raw' | 'zero-to-one', scale: number, correct: number | null): DetectionRow => ({
  preset,
  preprocessing: { channels: 'rgb', mean: [0], scale: [scale] },
  images: 320,
  correct,
  confidence: 0.75,
});

function noteFor(correct: number | null): DetectionNote {
  const rows = [row('zero-to-one', 1 / 255, correct), row('raw', 1, correct && 100)];
  return { network: 'n', images: 'i', best: rows[0]!, rows, isGuess: correct === null };
}

describe('a detection in words', () => {
  it('gives accuracy with half its Wilson interval, or confidence without labels', () => {
    // Wilson 1927 for 297 of 320: [0.8945, 0.9516].
    expect(scoreText(row('raw', 1, 297))).toBe('92.8\u00a0% ±2.9');
    expect(scoreText(row('raw', 1, null))).toBe('75.0\u00a0%');
  });

  it('says where the preprocessing in use comes from, and nothing once another was chosen', () => {
    const { best } = noteFor(297);
    const perChannel = { ...best.preprocessing, mean: [0, 0, 0], scale: Array<number>(3).fill(1 / 255) };
    expect(originText(noteFor(297), perChannel)).toBe('detected: 92.8\u00a0% on 320 images');
    expect(originText(noteFor(null), perChannel)).toBe('guessed: 75.0\u00a0% sure on 320 images');
    expect(originText(noteFor(297), { ...best.preprocessing, channels: 'bgr' })).toBeNull();
    expect(originText(null, best.preprocessing)).toBeNull();
  });

  it('marks the row that was taken, and only it', () => {
    const note = noteFor(297);
    expect(note.rows.map((candidate) => isTaken(note, candidate))).toEqual([true, false]);
  });
});
