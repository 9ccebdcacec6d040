import { describe, expect, it } from 'vitest';
import { createRandom } from '../linalg/random';
import { unwrap } from '../network/failure';
import type { Preprocessing } from '../network/images';
import type { Answers, EvaluateSpec } from '../../workers/protocol/evaluate';
import type { Studio } from '../../workers/protocol/studio';
import { detectPreprocessing, type ImagesInQuestion } from './detecting';

const images = 40;
const network = { fingerprint: 'network', input: { name: 'input', shape: [32, 32, 1] } };
const labels = Int32Array.from({ length: images }, (_, image) => image % 4);
const never = new AbortController().signal;

/** Detects on a network of four classes that scores each image as told, by its preset's offset and its label. */
function detect(
  rowOf: (preprocessing: Preprocessing, label: number) => readonly number[],
  own: Int32Array | null,
  kind: Answers['kind'] = 'logits',
  readings: ImagesInQuestion['readings'] = [],
) {
  const evaluate = (_signal: AbortSignal, _kind: unknown, { selection }: EvaluateSpec['task']) => {
    const rows = Array.from(selection.indices, (image) => rowOf(selection.preprocessing, labels[image]!));
    const value = { images: rows.length, classes: 4, scores: Float32Array.from(rows.flat()), kind };
    return Promise.resolve({ ok: true as const, value });
  };
  const set = { fingerprint: 'images', count: images, labels: own, readings };
  return detectPreprocessing({ run: evaluate as Studio['run'] }, never, network, set, () => undefined).then(
    unwrap,
  );
}

const isRaw = ({ mean, scale }: Preprocessing) => mean[0] === 0 && scale[0] === 1;
const oneHot = (label: number, score: number) => [0, 1, 2, 3].map((index) => (index === label ? score : 0));

/** Ways to read 40 labels: as the fake network means them, and turned by one and two classes. */
const turned = (by: number) => labels.map((label) => (label + by) % 4);
const readings = [
  { order: 'numeric', labels: turned(1) },
  { order: 'text', labels: turned(0) },
  { order: 'natural', labels: turned(2) },
] as const;

describe('the order of classes', () => {
  it('is the one that the answers agree with, and the presets are judged by it', async () => {
    const right = (preprocessing: Preprocessing, label: number) =>
      isRaw(preprocessing) ? oneHot(label, 1) : oneHot(3 - label, 1);
    const { order, best } = await detect(right, turned(1), 'logits', readings);
    expect(order).toEqual({
      images,
      rows: [
        { order: 'text', correct: images },
        { order: 'numeric', correct: 0 },
        { order: 'natural', correct: 0 },
      ],
      decided: 'text',
    });
    expect(best).toMatchObject({ preset: 'raw', correct: images });
  });

  it('is not decided where the network answers the same whatever it sees', async () => {
    const { order, best } = await detect(() => oneHot(2, 1), turned(1), 'logits', readings);
    expect(order?.decided).toBeNull();
    expect(order?.rows.map(({ correct }) => correct)).toEqual([10, 10, 10]);
    expect(best.correct).toBe(10);
  });

  it('is not decided by a difference within chance', async () => {
    let image = 0;
    // Eleven of 40 right by one order, ten by each other.
    const nearly = (_: Preprocessing, label: number) => oneHot(image++ % images === 0 ? label : 2, 1);
    const { order } = await detect(nearly, turned(1), 'logits', readings);
    expect(order).toMatchObject({ decided: null, rows: [{ correct: 11 }, { correct: 10 }, { correct: 9 }] });
  });

  it('is no question where there is one', async () => {
    expect((await detect((_, label) => oneHot(label, 1), labels)).order).toBeNull();
  });
});

describe('detectPreprocessing', () => {
  it('does not take equal scores, nor NaN, for right answers', async () => {
    for (const score of [7, NaN]) {
      const found = await detect(
        (preprocessing, label) => (isRaw(preprocessing) ? oneHot(label, 1) : Array<number>(4).fill(score)),
        labels,
      );
      expect(found.best).toMatchObject({ preset: 'raw', correct: images });
      const others = found.results.filter(({ preset }) => preset !== 'raw');
      const shares = others.map((other) => other.correct! / other.images);
      expect(new Set(shares)).toEqual(new Set([score === 7 ? 1 / 4 : 0]));
    }
  });

  it('runs presets that are clearly worse on a few images only, and those that might be the best on all', async () => {
    const seen = new Map<string, number>();
    const many = 400;
    const own = Int32Array.from({ length: many }, (_, image) => image % 4);
    const random = createRandom(7);
    const isHard = Array.from({ length: many }, () => random.uniform() < 0.1);
    const isShare = ({ mean, scale }: Preprocessing) => mean[0] === 0 && scale[0] === 1 / 255;
    const nameOf = ({ channels, mean, scale }: Preprocessing) => [channels, mean[0], scale[0]].join();
    const evaluate = (_signal: AbortSignal, _kind: unknown, { selection }: EvaluateSpec['task']) => {
      const { indices, preprocessing } = selection;
      const name = nameOf(preprocessing);
      seen.set(name, (seen.get(name) ?? 0) + indices.length);
      // Raw pixels are right on all, pixels up to 1 on nine of ten, and everything else answers the first class.
      const isGood = (image: number) => isRaw(preprocessing) || (isShare(preprocessing) && !isHard[image]);
      const rows = Array.from(indices, (image) => oneHot(isGood(image) ? own[image]! : 0, 1));
      const value = {
        images: rows.length,
        classes: 4,
        scores: Float32Array.from(rows.flat()),
        kind: 'logits',
      };
      return Promise.resolve({ ok: true as const, value });
    };
    const set = { fingerprint: 'images', count: many, labels: own };
    const run = evaluate as unknown as Studio['run'];
    const found = unwrap(await detectPreprocessing({ run }, never, network, set, () => undefined));
    expect(found.best).toMatchObject({ preset: 'raw', images: 320, correct: 320 });
    expect(seen.get('grey,0,1')).toBe(320);
    const second = seen.get(`grey,0,${1 / 255}`)!;
    expect(second).toBeGreaterThan(16);
    expect(second).toBeLessThan(320);
    const others = [...seen].filter(([name]) => name !== 'grey,0,1' && name !== `grey,0,${1 / 255}`);
    expect(others.map(([, images]) => images)).toEqual(others.map(() => 16));
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
