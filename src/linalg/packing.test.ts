import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packPanels } from './packing';
import { doublePanels, scriptPanels, singlePanels } from './panels';
import { createRandom } from './random';
import { Workspace } from './workspace';

it('packs lines of a workspace as it packs others, to the last bit, wherever they lie', () => {
  const space = new Workspace(60_000);
  const data = space.take(60_000)!;
  const { normal } = createRandom(6);
  data.forEach((_, index) => (data[index] = normal()));
  const elsewhere = data.slice();
  const kinds = [doublePanels(space), singlePanels(space)!, scriptPanels(space)];
  // Node has vectors; without them this test would compare nothing.
  expect(kinds[0]!.left.packing).not.toBeNull();
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.boolean(),
      fc.record({
        count: fc.integer({ min: 1, max: 32 }),
        depth: fc.integer({ min: 1, max: 200 }),
        offset: fc.nat({ max: 7 }),
        spare: fc.nat({ max: 5 }),
        firstRow: fc.nat({ max: 9 }),
        innerStart: fc.nat({ max: 9 }),
        isAlong: fc.boolean(),
      }),
      (panels, isLeft, { count, depth, offset, spare, firstRow, innerStart, isAlong }) => {
        const panel = isLeft ? panels.left : panels.right;
        const [rows, columns] = [firstRow + count, innerStart + depth];
        const strides = isAlong
          ? { rowStride: 1, columnStride: rows + spare }
          : { rowStride: columns + spare, columnStride: 1 };
        const packed = [elsewhere, data].map((own) => {
          panel.values.fill(NaN);
          packPanels(
            space,
            panel,
            { data: own, offset, rows, columns, ...strides },
            firstRow,
            count,
            innerStart,
            depth,
          );
          return panel.values.slice();
        });
        expect(packed[1]).toEqual(packed[0]);
        const lines = Math.ceil(count / panel.group) * panel.group;
        expect(packed[0]!.findIndex(Number.isNaN)).toBe(lines * depth);
      },
    ),
  );
});
