import { expect, it } from 'vitest';
import { createPchip } from '../linalg/pchip';
import { createRandom } from '../linalg/random';
import { mutatedJson } from '../network/testing/mutants';
import { readCurves } from './curvesFile';

const point = (rank: number) => ({
  ...{ layer: 'a', factorisation: 'spatial', rank, images: 8, basis: 'labels', correct: 4, correctUncut: 8 },
  ...{ divergence: 0.5, divergenceDeviation: 0.1 },
});
const curves = {
  ...{ fingerprint: 'f', metric: 'divergence', images: null, pointsKey: null, isRepaired: false },
  layers: [
    { name: 'a', factorisation: 'spatial', rankMax: 3, ranks: [1, 2, 3], points: [point(1), point(3)] },
  ],
};
const sentence =
  'c.json: expected curves as enc curves --out writes them, found something else; write them again.';

it.each<[string, object]>([
  ['a rank twice', { points: [point(1), point(1)] }],
  ['a rank of 1.5', { points: [point(1.5)] }],
  ['a rank of 0', { points: [point(0)] }],
  ['no images', { points: [{ ...point(1), images: 0 }] }],
  ['more right answers than images', { points: [{ ...point(1), correct: 9 }] }],
  ['another layer', { points: [{ ...point(1), layer: 'b' }] }],
  ['no divergence', { points: [{ ...point(1), divergence: null }] }],
])('refuses measured points of %s', (_, change) => {
  const changed = { ...curves, layers: [{ ...curves.layers[0], ...change }] };
  expect(() => readCurves(JSON.stringify(changed), 'c.json')).toThrow(sentence);
});

it('lets only such points pass, of 2,000 mutants, as an interpolant takes', () => {
  const random = createRandom(2);
  let passed = 0;
  for (let mutant = 0; mutant < 2000; mutant++) {
    const text = JSON.stringify(mutatedJson(curves, random)) ?? '';
    try {
      for (const layer of readCurves(text, 'c.json').layers) {
        const own = layer.points.filter(({ factorisation }) => factorisation === layer.factorisation);
        const sorted = own.toSorted((a, b) => a.rank - b.rank);
        if (sorted.length > 1)
          createPchip(
            sorted.map(({ rank }) => rank),
            sorted.map(({ divergence }) => divergence),
          );
      }
      passed++;
    } catch (error) {
      expect(error).toMatchObject({ name: 'FailureError', message: sentence });
    }
  }
  expect(passed).toBeGreaterThan(100);
});
