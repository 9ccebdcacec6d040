import { describe, expect, test } from 'vitest';
import { createRandom } from '../linalg/random';
import { multiply } from '../linalg/matrix';
import { patchSize } from './regression/regression';
import type { GraphNode, Shape } from '../network/graph';
import { requireLayer } from '../network/layerNodes';
import type { Factorisation } from '../network/layers';
import { inferShapes, sizeOf } from '../network/shapes';
import { arbitraryConvolution, chainOf, randomDense, seededNumbers } from '../network/testing/builders';
import { runReference } from '../network/testing/referenceExecutor';
import { gatherOutputs, gatherPatches, samplePositions } from './gather';
import { patchGeometry } from './geometry';
import { groupKernel } from './layerGroups';
import { outputUse } from './outputUse';

/** Greatest difference between patches times kernel plus bias and what the reference executor computes. */
function disagreement(
  operator: GraphNode['operator'],
  input: Shape,
  factorisation: Factorisation,
  seed: number,
): number {
  const network = chainOf(input, [operator]);
  const node = requireLayer(network.nodes[0]!);
  const images = [0, 1].map((image) => seededNumbers(seed + image).values(sizeOf(input)));
  const expected = images.map((image) => runReference(network, image).get(node.output)!);
  const { shapes } = inferShapes(network);
  const geometry = patchGeometry(node, factorisation, input, shapes.get(node.output)!);
  const positions = samplePositions(
    createRandom(seed),
    2,
    geometry.positions,
    Math.ceil(geometry.positions / 2),
  );
  const joined = (values: ArrayLike<number>[]) =>
    Float32Array.from(values.flatMap((value) => Array.from(value)));
  const outputs = gatherOutputs(geometry, joined(expected.map(({ data }) => data)), positions);
  const { layout } = geometry;
  const use = outputUse(network, node, geometry.outputChannels, shapes);
  let worst = 0;
  for (let group = 0; group < geometry.groups; group++) {
    const patches = Float64Array.from(gatherPatches(geometry, group, joined(images), positions));
    const kernel = groupKernel({ node, factorisation, cut: null }, group, use);
    const answers = multiply(patches, kernel, positions.length, patchSize(layout), layout.outputs);
    answers.forEach((value, index) => {
      const channel = group * layout.outputs + (index % layout.outputs);
      const found = value + (node.operator.bias?.[channel] ?? 0);
      const wanted = outputs[Math.floor(index / layout.outputs) * geometry.outputChannels + channel]!;
      worst = Math.max(worst, Math.abs(found - wanted));
    });
  }
  return worst;
}

describe('gatherPatches', () => {
  const convolutions = Array.from({ length: 40 }, (_, seed) => ({
    seed,
    ...arbitraryConvolution(seededNumbers(seed)),
  }));

  test.each(['spatial', 'channel'] as const)(
    '%s patches times the kernel are the convolution, whatever stride, dilation, padding and groups',
    (factorisation) => {
      for (const { seed, operator, input } of convolutions) {
        expect(disagreement(operator, input, factorisation, seed), `seed ${seed}`).toBeLessThan(1e-4);
      }
    },
  );

  test('of a dense layer are its inputs, also on an image', () => {
    const numbers = seededNumbers(4);
    expect(disagreement(randomDense(numbers, 9, 5), [9], 'dense', 1)).toBeLessThan(1e-5);
    expect(disagreement(randomDense(numbers, 6, 5, false), [3, 4, 6], 'dense', 1)).toBeLessThan(1e-5);
  });
});

describe('samplePositions', () => {
  test('takes as many different positions from each image as asked, all of them where all are asked', () => {
    const some = samplePositions(createRandom(1), 3, 20, 7);
    expect(some).toHaveLength(21);
    for (let image = 0; image < 3; image++) {
      const own = new Set(some.subarray(7 * image, 7 * image + 7));
      expect(own.size).toBe(7);
      own.forEach((position) => expect(position).toBeLessThan(20));
    }
    expect([...samplePositions(createRandom(1), 1, 6, 6)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('is the same for the same seed', () => {
    expect(samplePositions(createRandom(5), 2, 30, 4)).toEqual(samplePositions(createRandom(5), 2, 30, 4));
    expect(samplePositions(createRandom(6), 2, 30, 4)).not.toEqual(
      samplePositions(createRandom(5), 2, 30, 4),
    );
  });
});
