import { describe, expect, it } from 'vitest';
import { countAgreement, scoreAnswers } from './measurement';

const answers = {
  images: 3,
  classes: 7,
  scores: Float32Array.of(...[9, 1, 2, 3, 4, 5, 6], ...[1, 2, 3, 4, 5, 6, 9], ...[0, 0, 0, 8, 0, 0, 0]),
  kind: 'logits',
} as const;
const constant = (score: number) => ({ ...answers, scores: new Float32Array(21).fill(score) });

describe('scoreAnswers', () => {
  it('counts first places and first fives', () => {
    expect(scoreAnswers(answers, [0, 3, 3])).toMatchObject({ images: 3, top1: 2, top5: 3 });
    expect(scoreAnswers(answers, [1, 0, 3])).toMatchObject({ top1: 1, top5: 1 });
  });
  it('has no counts without labels, but the answers', () => {
    const scored = scoreAnswers(answers, null);
    expect(scored).toMatchObject({ top1: null, top5: null });
    expect([...scored.answers]).toEqual([0, 6, 3]);
  });
  it('gives a collapsed network no more than its lowest class', () => {
    expect(scoreAnswers(constant(1), [0, 1, 5])).toMatchObject({ top1: 1, top5: 2 });
    expect(scoreAnswers(constant(NaN), [0, 1, 5])).toMatchObject({ top1: 0, top5: 0 });
  });
});

describe('countAgreement', () => {
  it('counts images answered alike', () => {
    const one = { ranks: '', context: '', achieved: 1, methods: [], ...scoreAnswers(answers, null) };
    expect(countAgreement(one, one)).toBe(3);
    expect(countAgreement(one, { ...one, answers: Int32Array.of(0, 6, 2) })).toBe(2);
  });
  it('never counts an image that has no answer', () => {
    const none = { ranks: '', context: '', achieved: 1, methods: [], ...scoreAnswers(constant(NaN), null) };
    expect(countAgreement(none, none)).toBe(0);
  });
});
