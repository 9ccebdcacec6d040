import { describe, expect, it } from 'vitest';
import { doubtOf, doubtText, isAtChance, isChance } from './chance';
import type { DetectionNote } from './detection';
import { detect } from './jobs/detect';
import { original } from './measurements';
import { withMeasured } from './testing/measuredStates';
import { images, network, ready } from './testing/states';
import { withPreprocessing } from './transitions';

const grey = { channels: 'rgb', mean: [0], scale: [1 / 255] } as const;
const raw = { channels: 'rgb', mean: [0], scale: [1] } as const;

const noteWith = (correct: number): DetectionNote => ({
  ...{ network: network.fingerprint, images: images.fingerprint, isGuess: false },
  best: { preset: 'raw', preprocessing: raw },
  rows: [{ preset: 'raw', preprocessing: raw, images: 64, correct, confidence: 0.9 }],
});

describe('chance', () => {
  it.each([
    [1, 12, 12, true],
    [12, 12, 12, false],
    [32, 64, 2, true],
    [38, 64, 2, true],
    [45, 64, 2, false],
    [6, 64, 10, true],
    [14, 64, 10, false],
    [0, 0, 10, true],
  ])('%d right of %d images with %d classes: %s', (correct, count, classes, expected) => {
    expect(isChance({ correct, images: count }, classes)).toBe(expected);
  });

  it('is doubted only where another preset is better than chance', () => {
    const share = { correct: 5, images: 64 };
    expect(doubtOf(grey, share, 10, noteWith(60))).toMatchObject({ better: { preset: 'raw' } });
    expect(doubtOf(grey, share, 10, noteWith(7))).toBeNull();
    expect(doubtOf(grey, { correct: 50, images: 64 }, 10, noteWith(60))).toBeNull();
    expect(doubtOf(raw, share, 10, noteWith(60))).toBeNull();
  });

  it('is said in one sentence', () => {
    const doubt = doubtOf(grey, { correct: 5, images: 64 }, 10, noteWith(60))!;
    expect(doubtText(doubt).replaceAll('\u00a0', ' ')).toBe(
      'With RGB, 0 to 1 the network answers 7.8 % of 64 images right, no better than chance; with RGB, Raw 93.8 % of 64 images.',
    );
  });
});

describe('the job that finds the preprocessing', () => {
  const chosen = withPreprocessing(ready(), raw);
  const atChance = withMeasured(chosen, original(chosen)!, { top1: 2 });

  it('looks at what was chosen only where the original is at chance', () => {
    expect(isAtChance(chosen)).toBe(false);
    expect(detect.wanted(chosen)).toEqual([]);
    expect(isAtChance(atChance)).toBe(true);
    expect(detect.wanted(atChance)).toMatchObject([{ isDoubt: true }]);
    const good = withMeasured(chosen, original(chosen)!, { top1: 4 });
    expect(detect.wanted(good)).toEqual([]);
  });

  it('does not guess by sureness against what the network’s scaling shows', () => {
    const scaling = { factor: [1 / 255], offset: [0], nodes: ['r'], range: 'raw' } as const;
    const state = ready();
    const inside = { ...state, network: { ...state.network!, summary: { ...network, scaling } } };
    expect(detect.wanted(inside)).toHaveLength(1);
    expect(detect.wanted({ ...inside, images: { ...images, labels: null } })).toEqual([]);
  });
});
