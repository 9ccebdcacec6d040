import { describe, expect, it } from 'vitest';
import { unsupportedNodes } from '../../../../network/validate';
import { readNetwork } from '../..';
import { attribute, GraphBuilder } from './testing/building';

const image = [7, 6, 4];
const vector = [7];
const valid = {
  strides: attribute.integers(1, 1, 1, 1),
  dilations: attribute.integers(1, 1, 1, 1),
  padding: attribute.text('VALID'),
};
const number = (value: number) => ({ i: String(value) });

type Build = (graph: GraphBuilder) => unknown;
/** Shape of the input, what builds the node "y", and why that cannot be computed. */
type Case = readonly [reason: string, inputShape: readonly number[], build: Build];

/** The extents of x, and its batch out of them. */
const shapeOf = (g: GraphBuilder) => g.add('Shape', 'shape', ['x']);
const batchOf = (g: GraphBuilder) =>
  g.add(
    'StridedSlice',
    'batch',
    [shapeOf(g), g.integers('from', 0), g.integers('until', 1), g.integers('by', 1)],
    {
      shrink_axis_mask: number(1),
    },
  );
/** x[:, …] with starts, ends and steps behind the batch. */
const strided = (g: GraphBuilder, steps: readonly number[], masks: object = {}) => {
  const zeros = g.integers('begin', ...steps.map(() => 0));
  const ends = g.integers('end', ...steps.map(() => 2));
  return g.add('StridedSlice', 'y', ['x', zeros, ends, g.integers('strides', ...steps)], {
    ...{ begin_mask: number(1), end_mask: number(1) },
    ...masks,
  });
};

const calls: readonly Case[] = [
  ['it lacks input 0.', image, (g) => g.add('Relu', 'y', [])],
  [
    'its input "c" is a constant, expected a computed value.',
    image,
    (g) => g.add('Relu', 'y', [g.weight('c', 4)]),
  ],
  [
    'its input "shape" is a shape that is worked out while running.',
    image,
    (g) => g.add('Relu', 'y', [shapeOf(g)]),
  ],
  ['it reads 7, expected an image.', vector, (g) => g.add('Pad', 'y', ['x', g.weightPads('pads')])],
  ['it lacks its kernel.', image, (g) => g.add('Conv2D', 'y', ['x'], valid)],
  [
    'its padding "FULL" is not known.',
    image,
    (g) =>
      g.add('Conv2D', 'y', ['x', g.weight('k', 1, 1, 4, 5)], { ...valid, padding: attribute.text('FULL') }),
  ],
];

const combinations: readonly Case[] = [
  [
    'all its operands are constants.',
    image,
    (g) => g.add('AddV2', 'y', [g.weight('a', 4), g.weight('b', 4)]),
  ],
  [
    'it combines an image with a vector.',
    image,
    (g) => g.add('Mul', 'y', ['x', g.add('Mean', 'mean', ['x', g.integers('axes', 1, 2)])]),
  ],
  [
    'its constant operand has the shape 2×7×6×4.',
    image,
    (g) => g.add('AddV2', 'y', ['x', g.weight('c', 2, 7, 6, 4)]),
  ],
];

const layers: readonly Case[] = [
  ['its kernel has too few axes.', image, (g) => g.add('Conv2D', 'y', ['x', g.weight('k', 3, 3)], valid)],
  [
    'its input is transposed.',
    vector,
    (g) => g.add('MatMul', 'y', ['x', g.weight('w', 7, 5)], { transpose_a: attribute.flag(true) }),
  ],
  [
    'its weights are 1×7×5, expected two axes.',
    vector,
    (g) => g.add('MatMul', 'y', ['x', g.weight('w', 1, 7, 5)]),
  ],
  [
    'its layer has a bias already.',
    vector,
    (g) =>
      g.add('_FusedMatMul', 'y', ['x', g.weight('w', 7, 5), g.weight('b', 5), g.weight('c', 5)], {
        fused_ops: attribute.texts('BiasAdd', 'BiasAdd'),
      }),
  ],
  [
    'it is in training mode; save the network for inference.',
    image,
    (g) => g.add('FusedBatchNormV3', 'y', ['x'], { is_training: attribute.flag(true) }),
  ],
];

const shapings: readonly Case[] = [
  [
    'it works over the axes [0, 1], expected axes behind the batch.',
    image,
    (g) => g.add('Mean', 'y', ['x', g.integers('axes', 0, 1)]),
  ],
  [
    'it joins along axis 0, expected one behind the batch.',
    image,
    (g) => g.add('ConcatV2', 'y', ['x', 'x', g.integer('axis', 0)]),
  ],
  [
    'its new shape is computed while running.',
    image,
    (g) => g.add('Reshape', 'y', ['x', g.add('Relu', 'to', ['x'])]),
  ],
  [
    'its new shape mixes the batch with other axes.',
    image,
    (g) => g.add('Reshape', 'y', ['x', g.add('Pack', 'to', [g.integer('all', 168), batchOf(g)])]),
  ],
  [
    'its new axis is 0, expected one behind the batch.',
    image,
    (g) => g.add('Pack', 'y', ['x', 'x'], { axis: number(0) }),
  ],
  [
    'its new axis is 5, expected one behind the batch.',
    image,
    (g) => g.add('ExpandDims', 'y', ['x', g.integer('axis', 5)]),
  ],
  [
    'it takes the axes [2] of 7×6×4 away, expected axes of 1.',
    image,
    (g) => g.add('Squeeze', 'y', ['x'], { squeeze_dims: attribute.integers(2) }),
  ],
];

const slices: readonly Case[] = [
  [
    'it does not keep images apart.',
    image,
    (g) => g.add('Slice', 'y', ['x', g.integers('begin', 1, 0, 0, 0), g.integers('size', -1, 2, 2, 2)]),
  ],
  ['it does not keep images apart.', image, (g) => strided(g, [2, 1])],
  [
    'it takes an ellipsis or a new axis; the studio reads starts, ends and steps.',
    image,
    (g) => strided(g, [1, 1], { new_axis_mask: number(2) }),
  ],
  ['it has more axes than its input.', image, (g) => strided(g, [1, 1, 1, 1, 1])],
  ['its step is -1, expected 1 or more.', image, (g) => strided(g, [1, -1])],
  [
    'it picks along axis 0, expected one behind the batch.',
    image,
    (g) => g.add('GatherV2', 'y', ['x', g.integers('indices', 0, 1), g.integer('axis', 0)]),
  ],
  [
    'its indices have more than one axis.',
    image,
    (g) => g.add('GatherV2', 'y', ['x', g.weightPads('indices'), g.integer('axis', 1)]),
  ],
  [
    'its order of axes is [1, 0, 2, 3], expected the batch first.',
    image,
    (g) => g.add('Transpose', 'y', ['x', g.integers('order', 1, 0, 2, 3)]),
  ],
  [
    'it splits axis 0, expected one behind the batch.',
    image,
    (g) => g.add('Split', 'y', [g.integer('axis', 0), 'x'], { num_split: number(2) }),
  ],
  [
    'it splits 4 elements into 1000000000000 parts, expected parts of the same size.',
    image,
    (g) => g.add('Split', 'y', [g.integer('axis', 3), 'x'], { num_split: number(1e12) }),
  ],
];

describe.each([
  ['what it reads', calls],
  ['combining values', combinations],
  ['layers', layers],
  ['shaping', shapings],
  ['slicing', slices],
] as const)('nodes of a GraphModel that cannot be computed, for %s', (_, cases) => {
  it.each(cases)('%s', async (reason, inputShape, build) => {
    const graph = new GraphBuilder(inputShape);
    build(graph);
    const { op } = graph.nodes.find(({ name }) => name === 'y')!;
    const network = await readNetwork(graph.files(graph.add('AddN', 'sum', ['x', 'y'])));
    expect(unsupportedNodes(network).map(({ message }) => message)).toContain(
      `Node "y" (${op}) is not supported: ${reason}`,
    );
  });
});

it('a layer with a bias behind a node that cannot be computed says so, and not that its bias is wrong', async () => {
  const graph = new GraphBuilder(vector);
  const sorted = graph.add('Sort', 'sorted', ['x']);
  graph.add('_FusedMatMul', 'y', [sorted, graph.weight('w', 7, 5), graph.weight('b', 5)], {
    fused_ops: attribute.texts('BiasAdd'),
  });
  const { nodes } = await readNetwork(graph.files('y'));
  expect(nodes.find(({ name }) => name === 'y')!.operator).toMatchObject({
    reason: 'the shape of its input is not known, because a node before it cannot be computed.',
    behind: 'sorted',
  });
});

describe('GraphModels that are refused as a whole', () => {
  it.each([
    [{ weightsManifest: null }, 'a weightsManifest, found none; convert it again.'],
    [
      { signature: {}, modelTopology: { node: [] } },
      'a network that answers with something, found none; convert it again.',
    ],
    [
      {
        signature: {},
        modelTopology: { node: [{ name: 'y', op: 'Relu' }] },
      },
      'a network with one input, found 0; convert a classifier of images.',
    ],
  ])('with %j', async (changed, expected) => {
    const graph = new GraphBuilder(image);
    const files = graph.files(graph.add('Relu', 'y', ['x']), (json) => ({ ...json, ...changed }));
    await expect(readNetwork(files)).rejects.toMatchObject({ message: `model.json: expected ${expected}` });
  });

  it('with layers that ask for more weights than can be held, however few the file has', async () => {
    const graph = new GraphBuilder([1024]);
    const weights = graph.weight('w', 1024, 1024);
    let value = 'x';
    for (let layer = 0; layer <= 256; layer++) value = graph.add('MatMul', `y${layer}`, [value, weights]);
    await expect(readNetwork(graph.files(value))).rejects.toMatchObject({
      code: 'out-of-memory',
      message: 'model.json: expected at most 268,435,456 weights, found more; convert a smaller network.',
    });
  });
});
