import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addProduct, type Precision, type ProductShape } from './product';
import { createRandom } from './random';
import { transposeView, type MatrixView } from './view';
import { doubles, inWorkspace, workspace } from './workspace';

const sides = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 250, max: 262 }));

it('is the same to the last bit in a workspace as elsewhere, and writes nowhere else', () => {
  const shapes = fc.record({ rows: sides, inner: sides, columns: sides, spare: fc.nat({ max: 3 }) });
  const ways = fc.record({
    shape: fc.constantFrom<ProductShape>('full', 'lower'),
    precision: fc.constantFrom<Precision>('double', 'single'),
    isLeftTurned: fc.boolean(),
    isRightTurned: fc.boolean(),
  });
  fc.assert(
    fc.property(shapes, ways, ({ rows, inner, columns, spare }, way) => {
      const { normal } = createRandom(rows * 1000 + columns);
      const matrix = (height: number, width: number, isTurned: boolean): MatrixView => {
        const [own, across] = isTurned ? [width, height] : [height, width];
        const stride = across + spare;
        const data = Float64Array.from({ length: 3 + own * stride }, normal);
        const view = { data, offset: 3, rows: own, columns: across, rowStride: stride, columnStride: 1 };
        return isTurned ? transposeView(view) : view;
      };
      const views = [
        matrix(rows, columns, false),
        matrix(rows, inner, way.isLeftTurned),
        matrix(inner, columns, way.isRightTurned),
      ] as const;
      const room = views.reduce((sum, { data }) => sum + data.length + 1, 0);
      const found = inWorkspace(room, () => {
        const [result, left, right] = views.map((view) => {
          const data = doubles(view.data.length);
          expect(workspace().holds(data)).toBe(true);
          data.set(view.data);
          return { ...view, data };
        }) as [MatrixView, MatrixView, MatrixView];
        addProduct(result, -0.3, left, right, way.shape, way.precision);
        return result.data.slice();
      });
      const [result, left, right] = views;
      addProduct(result, -0.3, left, right, way.shape, way.precision);
      expect(found).toEqual(result.data);
    }),
    { numRuns: 60 },
  );
});
