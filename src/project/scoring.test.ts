import { describe, expect, it } from 'vitest';
import { originalRecipe, recipeKey } from '../compression/recipe';
import type { ImagePart } from './images';
import { countAgreement, imagesKey } from './measurement';
import { scoredMeasurement } from './scoring';

const answers = {
  images: 3,
  classes: 7,
  scores: Float32Array.of(...[9, 1, 2, 3, 4, 5, 6], ...[1, 2, 3, 4, 5, 6, 9], ...[0, 0, 0, 8, 0, 0, 0]),
  kind: 'logits',
} as const;
const constant = (score: number) => ({ ...answers, scores: new Float32Array(21).fill(score) });

const recipe = originalRecipe('network');
const part = (labels: readonly number[] | null): ImagePart => ({
  drawn: {
    images: 'images',
    draw: { kind: 'all' },
    preprocessing: { channels: 'grey', mean: [0], scale: [1] },
  },
  images: 'images',
  indices: Uint32Array.of(0, 1, 2),
  labels: labels && Int32Array.from(labels),
});
const scored = (of: typeof answers | ReturnType<typeof constant>, labels: readonly number[] | null) =>
  scoredMeasurement(recipe, part(labels), of, 0.5, ['map']);

describe('scoredMeasurement', () => {
  it('counts first places and first fives', () => {
    expect(scored(answers, [0, 3, 3])).toMatchObject({ count: 3, top1: 2, top5: 3 });
    expect(scored(answers, [1, 0, 3])).toMatchObject({ top1: 1, top5: 1 });
  });
  it('has no counts without labels, but the answers', () => {
    const own = scored(answers, null);
    expect(own).toMatchObject({ top1: null, top5: null });
    expect(own.answers).toEqual([0, 6, 3]);
  });
  it('gives a collapsed network no more than its lowest class', () => {
    expect(scored(constant(1), [0, 1, 5])).toMatchObject({ top1: 1, top5: 2 });
    expect(scored(constant(NaN), [0, 1, 5])).toMatchObject({ top1: 0, top5: 0 });
  });
  it('names what ran on what, and who proposed it', () => {
    expect(scored(answers, null)).toMatchObject({
      recipe: recipeKey(recipe),
      images: imagesKey(part(null).drawn),
      achieved: 0.5,
      methods: ['map'],
    });
  });
});

describe('countAgreement', () => {
  it('counts images answered alike', () => {
    const one = scored(answers, null);
    expect(countAgreement(one, one)).toBe(3);
    expect(countAgreement(one, { ...one, answers: [0, 6, 2] })).toBe(2);
  });
  it('never counts an image that has no answer', () => {
    const none = scored(constant(NaN), null);
    expect(countAgreement(none, none)).toBe(0);
  });
});
