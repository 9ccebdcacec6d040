import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activatedError, rectifiedTargets, type ActivatedRows } from './rectify';

interface Sample {
  readonly items: readonly { target: number; added: number; prediction: number; next: number }[];
  readonly hasUpper: boolean;
  readonly hasResidual: boolean;
}

const value = fc.float({ min: -10, max: 10, noNaN: true });
const rows = fc
  .array(fc.record({ target: value, added: value, prediction: value, next: value }), {
    minLength: 1,
    maxLength: 20,
  })
  .chain((items) =>
    fc.record({ items: fc.constant(items), hasUpper: fc.boolean(), hasResidual: fc.boolean() }),
  );

function arraysOf({ items, hasUpper, hasResidual }: Sample) {
  const column = (name: keyof Sample['items'][number]) => Float32Array.from(items, (item) => item[name]);
  const activated: ActivatedRows = {
    targets: column('target'),
    residual: hasResidual ? column('added') : null,
    bounds: { min: 0, max: hasUpper ? 6 : Infinity },
  };
  return { activated, predictions: column('prediction'), next: column('next') };
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, entry, index) => sum + (entry - b[index]!) ** 2, 0);
}

describe('rectifiedTargets', () => {
  it('ask for no less than the activation shows, and for nothing where it is flat', () => {
    fc.assert(
      fc.property(rows, (sample) => {
        const { activated, predictions } = arraysOf(sample);
        const distance = squaredDistance(rectifiedTargets(activated, predictions), predictions);
        expect(distance).toBeGreaterThanOrEqual(activatedError(activated, predictions) - 1e-3);
        expect(distance).toBeLessThanOrEqual(squaredDistance(activated.targets, predictions) + 1e-3);
      }),
    );
  });

  it('bound the error of any later predictions from above, so that fitting them cannot raise it', () => {
    fc.assert(
      fc.property(rows, (sample) => {
        const { activated, predictions, next } = arraysOf(sample);
        const bound = squaredDistance(rectifiedTargets(activated, predictions), next);
        const later = squaredDistance(rectifiedTargets(activated, next), next);
        expect(later).toBeLessThanOrEqual(bound + 1e-3);
        expect(activatedError(activated, next)).toBeLessThanOrEqual(later + 1e-3);
      }),
    );
  });

  it('are the targets themselves where no activation is flat', () => {
    const bounds = { min: -Infinity, max: Infinity };
    const targets = Float32Array.of(-3, 0, 4);
    expect(rectifiedTargets({ targets, residual: null, bounds }, new Float32Array(3))).toEqual(targets);
  });
});
