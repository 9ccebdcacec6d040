import fc from 'fast-check';
import { expect, it } from 'vitest';
import { permute } from './tensors';

const extent = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 31, max: 67 }));
const shapes = fc
  .array(extent, { minLength: 1, maxLength: 4 })
  .filter((dims) => dims.reduce((a, b) => a * b) < 30_000)
  .chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      order: fc.shuffledSubarray(
        dims.map((_, axis) => axis),
        { minLength: dims.length },
      ),
    }),
  );

/** Where an element lies, by its place on every axis. */
const placeOf = (dims: readonly number[], index: readonly number[]) =>
  index.reduce((place, at, axis) => place * dims[axis]! + at, 0);

it('puts every element where the reordered axes have it', () => {
  fc.assert(
    fc.property(shapes, ({ dims, order }) => {
      const count = dims.reduce((a, b) => a * b);
      const result = permute(
        Float32Array.from({ length: count }, (_, place) => place),
        dims,
        order,
      );
      const permuted = order.map((axis) => dims[axis]!);
      const index = dims.map(() => 0);
      for (let place = 0; place < count; place++) {
        let rest = place;
        for (let axis = dims.length - 1; axis >= 0; axis--) {
          index[axis] = rest % dims[axis]!;
          rest = Math.floor(rest / dims[axis]!);
        }
        const target = placeOf(
          permuted,
          order.map((axis) => index[axis]!),
        );
        if (result[target] !== place) throw new Error(`${index.join(', ')} is not at ${target}`);
      }
    }),
    { numRuns: 60 },
  );
  expect(permute(Int8Array.of(1, 2, 3, 4, 5, 6), [2, 3], [1, 0])).toEqual(Int8Array.of(1, 4, 2, 5, 3, 6));
});
