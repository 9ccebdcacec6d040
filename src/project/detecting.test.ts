import { describe, expect, it } from 'vitest';
import { unwrap } from '../network/failure';
import type { Preprocessing } from '../network/images';
import type { Answers, EvaluateSpec } from '../../workers/protocol/evaluate';
import type { Studio } from '../../workers/protocol/studio';
import { detectPreprocessing } from './detecting';

const images = 40;
const network = { fingerprint: 'network', input: { name: 'input', shape: [32, 32, 1] } };
const labels = Int32Array.from({ length: images }, (_, image) => image % 4);
const never = new AbortController().signal;

/** Detects on a network of four classes that scores each image as told, by its preset's offset and its label. */
function detect(
  rowOf: (preprocessing: Preprocessing, label: number) => readonly number[],
  own: Int32Array | null,
  kind: Answers['kind'] = 'logits',
) {
  const evaluate = (_signal: AbortSignal, _kind: unknown, { selection }: EvaluateSpec['task']) => {
    const rows = Array.from(selection.indices, (image) => rowOf(selection.preprocessing, labels[image]!));
    const value = { images: rows.length, classes: 4, scores: Float32Array.from(rows.flat()), kind };
    return Promise.resolve({ ok: true as const, value });
  };
  const set = { fingerprint: 'images', count: images, labels: own };
  return detectPreprocessing({ run: evaluate as Studio['run'] }, never, network, set, () => undefined).then(
    unwrap,
  );
}

const isRaw = ({ mean, scale }: Preprocessing) => mean[0] === 0 && scale[0] === 1;
const oneHot = (label: number, score: number) => [0, 1, 2, 3].map((index) => (index === label ? score : 0));

describe('detectPreprocessing', () => {
  it('does not take equal scores, nor NaN, for right answers', async () => {
    for (const score of [7, NaN]) {
      const found = await detect(
        (preprocessing, label) => (isRaw(preprocessing) ? oneHot(label, 1) : Array<number>(4).fill(score)),
        labels,
      );
      expect(found.best).toMatchObject({ preset: 'raw', correct: images });
      const others = found.results.filter(({ preset }) => preset !== 'raw');
      expect(new Set(others.map(({ correct }) => correct))).toEqual(new Set([score === 7 ? images / 4 : 0]));
    }
  });

  it('without labels is as sure as the class that is answered, and not at all where there is none', async () => {
    const found = await detect(
      (preprocessing, label) => (isRaw(preprocessing) ? oneHot(label, 0.5) : Array<number>(4).fill(NaN)),
      null,
      'probabilities',
    );
    expect(found).toMatchObject({ isGuess: true, best: { preset: 'raw', correct: null, confidence: 0.5 } });
    expect(found.results.at(-1)!.confidence).toBe(0);
  });

  it('takes logits for logits, also where they add up to 1', async () => {
    const { best } = await detect((_, label) => oneHot(label, 1), labels);
    expect(best.confidence).toBeCloseTo(Math.E / (Math.E + 3), 12);
  });
});
