import { describe, expect, it } from 'vitest';
import { graphAnswers } from '../../../../engine/testing/tfGraph';
import { networkCost } from '../../../../network/cost';
import { describeLayers } from '../../../../network/describe';
import { FailureError } from '../../../../network/failure';
import { referenceScores } from '../../../../network/testing/referenceExecutor';
import { assertComputable } from '../../../../network/validate';
import { fixtureInput } from '../../../testing/fixtures';
import { largestDifference } from '../../../testing/layout';
import { readNetwork, writeNetwork } from '../..';
import { attribute, GraphBuilder } from './testing/building';
import { newerCases } from './testing/newerCases';
import { graphConverters } from './operators';

const image = [7, 6, 4];
const slide = (stride: number, padding: string, dilation = 1) => ({
  strides: attribute.integers(1, stride, stride, 1),
  dilations: attribute.integers(1, dilation, dilation, 1),
  padding: attribute.text(padding),
  data_format: attribute.text('NHWC'),
});
const window = (size: number, stride: number, padding: string) => ({
  ...slide(stride, padding),
  ksize: attribute.integers(1, size, size, 1),
});

type Case = (graph: GraphBuilder) => string;

/** Forms in which converters write operators; the name begins with the operator's. */
const cases: Readonly<Record<string, Case | readonly [readonly number[], Case]>> = {
  'Conv2D valid': (g) => g.add('Conv2D', 'y', ['x', g.weight('k', 3, 2, 4, 5)], slide(1, 'VALID')),
  'Conv2D same with stride': (g) => g.add('Conv2D', 'y', ['x', g.weight('k', 3, 3, 4, 5)], slide(2, 'SAME')),
  'Conv2D dilated': (g) => g.add('Conv2D', 'y', ['x', g.weight('k', 3, 3, 4, 5)], slide(1, 'SAME', 2)),
  'Conv2D with explicit padding': (g) =>
    g.add('Conv2D', 'y', ['x', g.weight('k', 3, 3, 4, 5)], {
      ...slide(2, 'EXPLICIT'),
      explicit_paddings: attribute.integers(0, 0, 1, 1, 1, 1, 0, 0),
    }),
  'BiasAdd behind a convolution': (g) =>
    g.add('BiasAdd', 'b', [
      g.add('Conv2D', 'y', ['x', g.weight('k', 1, 1, 4, 5)], slide(1, 'VALID')),
      g.weight('w', 5),
    ]),
  'BiasAdd of a value that others read': (g) => {
    const y = g.add('Conv2D', 'y', ['x', g.weight('k', 1, 1, 4, 4)], slide(1, 'VALID'));
    return g.add('AddV2', 'sum', [g.add('BiasAdd', 'b', [y, g.weight('w', 4)]), y]);
  },
  '_FusedConv2D with bias and relu6': (g) =>
    g.add('_FusedConv2D', 'y', ['x', g.weight('k', 3, 3, 4, 5), g.weight('b', 5)], {
      ...slide(1, 'SAME'),
      fused_ops: attribute.texts('BiasAdd', 'Relu6'),
      num_args: { i: '1' },
    }),
  '_FusedConv2D with bias and a leaky activation': (g) =>
    g.add('_FusedConv2D', 'y', ['x', g.weight('k', 3, 3, 4, 5), g.weight('b', 5)], {
      ...slide(2, 'SAME'),
      fused_ops: attribute.texts('BiasAdd', 'LeakyRelu'),
      leakyrelu_alpha: attribute.number(0.3),
      num_args: { i: '1' },
    }),
  DepthwiseConv2dNative: (g) =>
    g.add('DepthwiseConv2dNative', 'y', ['x', g.weight('k', 3, 3, 4, 2)], slide(1, 'SAME')),
  'DepthwiseConv2dNative with stride': (g) =>
    g.add('DepthwiseConv2dNative', 'y', ['x', g.weight('k', 3, 3, 4, 1)], slide(2, 'SAME')),
  FusedDepthwiseConv2dNative: (g) =>
    g.add('FusedDepthwiseConv2dNative', 'y', ['x', g.weight('k', 3, 3, 4, 1), g.weight('b', 4)], {
      ...slide(1, 'SAME'),
      fused_ops: attribute.texts('BiasAdd', 'Relu'),
      num_args: { i: '1' },
    }),
  MatMul: [[7], (g) => g.add('MatMul', 'y', ['x', g.weight('k', 7, 5)])],
  'MatMul with turned weights': [
    [7],
    (g) => g.add('MatMul', 'y', ['x', g.weight('k', 5, 7)], { transpose_b: attribute.flag(true) }),
  ],
  '_FusedMatMul with bias and relu': [
    [7],
    (g) =>
      g.add('_FusedMatMul', 'y', ['x', g.weight('k', 7, 5), g.weight('b', 5)], {
        fused_ops: attribute.texts('BiasAdd', 'Relu'),
        num_args: { i: '1' },
      }),
  ],
  ...Object.fromEntries(
    ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'].map((op): [string, Case] => [
      op,
      (g) =>
        g.add(op, 'y', ['x', ...['scale', 'offset', 'mean', 'var'].map((name) => g.weight(name, 4))], {
          epsilon: attribute.number(0.002),
          is_training: attribute.flag(false),
          data_format: attribute.text('NHWC'),
        }),
    ]),
  ),
  ...Object.fromEntries(
    ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'Softplus', 'Identity', 'StopGradient'].map(
      (op): [string, Case] => [op, (g) => g.add(op, 'z', [g.add('Relu', 'y', ['x'])])],
    ),
  ),
  LeakyRelu: (g) => g.add('LeakyRelu', 'y', ['x'], { alpha: attribute.number(0.4) }),
  Prelu: (g) => g.add('Prelu', 'y', ['x', g.weight('slope', 1, 1, 1)]),
  Softmax: [[7], (g) => g.add('Softmax', 'y', ['x'])],
  MaxPool: (g) => g.add('MaxPool', 'y', ['x'], window(3, 2, 'SAME')),
  AvgPool: (g) => g.add('AvgPool', 'y', ['x'], window(3, 2, 'SAME')),
  'AvgPool valid': (g) => g.add('AvgPool', 'y', ['x'], window(2, 2, 'VALID')),
  Mean: (g) => g.add('Mean', 'y', ['x', g.integers('axes', 1, 2)], { keep_dims: attribute.flag(false) }),
  Max: (g) => g.add('Max', 'y', ['x', g.integers('axes', 1, 2)], { keep_dims: attribute.flag(true) }),
  Squeeze: (g) =>
    g.add(
      'Squeeze',
      'z',
      [g.add('Mean', 'y', ['x', g.integers('axes', 1, 2)], { keep_dims: attribute.flag(true) })],
      {
        squeeze_dims: attribute.integers(1, 2),
      },
    ),
  ExpandDims: [
    [7],
    (g) =>
      g.add('ExpandDims', 'z', [
        g.add('ExpandDims', 'y', ['x', g.integer('first', 1)]),
        g.integer('second', -2),
      ]),
  ],
  Pad: (g) => g.add('Pad', 'y', ['x', g.weightPads('pads')]),
  PadV2: (g) => g.add('PadV2', 'y', ['x', g.weightPads('pads'), g.weight('value')]),
  ConcatV2: (g) => g.add('ConcatV2', 'y', ['x', g.add('Relu', 'r', ['x']), g.integer('axis', 3)]),
  'ConcatV2 from behind': (g) =>
    g.add('ConcatV2', 'y', ['x', g.add('Relu', 'r', ['x']), g.integer('axis', -2)]),
  Add: (g) => g.add('Add', 'y', ['x', g.weight('c', 4)]),
  'AddV2 of a whole image': (g) => g.add('AddV2', 'y', ['x', g.weight('c', 1, 7, 6, 4)]),
  AddN: (g) => g.add('AddN', 'y', ['x', g.add('Relu', 'r', ['x']), g.add('Tanh', 't', ['x'])]),
  Sub: (g) => g.add('Sub', 'y', ['x', g.weight('c', 4)]),
  Mul: (g) => g.add('Mul', 'y', [g.weight('c'), 'x']),
  'Mul of computed values': (g) => g.add('Mul', 'y', ['x', g.add('Sigmoid', 's', ['x'])]),
  RealDiv: (g) => g.add('RealDiv', 'y', ['x', g.weight('c_var', 4)]),
  Reshape: (g) => g.add('Reshape', 'y', ['x', g.integers('shape', -1, 168)]),
  'Reshape to an image': [[24], (g) => g.add('Reshape', 'y', ['x', g.integers('shape', -1, 2, 3, 4)])],
  'Reshape as Keras flattens: a shape worked out in the graph': (g) => {
    const shape = g.add('Shape', 'shape', ['x'], { out_type: { type: 'DT_INT32' } });
    const ends = [g.integers('begin', 0), g.integers('end', 1), g.integers('step', 1)];
    const batch = g.add('StridedSlice', 'batch', [shape, ...ends], { shrink_axis_mask: { i: '1' } });
    const target = g.add('Pack', 'target', [batch, g.integer('rest', 168)], { axis: { i: '0' } });
    return g.add('Reshape', 'y', ['x', target]);
  },
  ...newerCases,
};

const entries = Object.entries(cases).map(([name, given]) => {
  const [shape, build] = typeof given === 'function' ? [image, given] : given;
  return [name, shape, build] as const;
});

describe('TF.js GraphModels', () => {
  it('have a case for every operator that is read', () => {
    const tried = new Set(entries.map(([name]) => name.split(' ')[0]));
    expect([...graphConverters.keys()].filter((op) => !tried.has(op))).toEqual([]);
  });

  it.each(entries)('%s answers as TF.js itself does', async (_, shape, build) => {
    const graph = new GraphBuilder(shape);
    const output = build(graph);
    const input = fixtureInput(shape.reduce((product, extent) => product * extent, 1));
    const expected = await graphAnswers(graph.json(output), graph.shard(), input, [1, ...shape]);
    const network = await readNetwork(graph.files(output));
    expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(2e-5);
  });

  it('a MobileNet-shaped graph, its nodes in any order: pointwise convolutions can be cut, and it is exported', async () => {
    const graph = mobileNet();
    const input = fixtureInput(16 * 16 * 3);
    const expected = await graphAnswers(graph.json('scores'), graph.shard(), input, [1, 16, 16, 3]);
    const reversed = (json: object) => {
      const { modelTopology } = json as { modelTopology: { node: unknown[] } };
      return { ...json, modelTopology: { node: modelTopology.node.toReversed() } };
    };
    const network = await readNetwork(graph.files('scores', reversed));
    assertComputable(network);
    expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(1e-5);
    const layers = describeLayers(network);
    expect(layers.find(({ name }) => name === 'pointwise1')).toMatchObject({ kept: null });
    expect(layers.find(({ name }) => name === 'depthwise1')!.kept).toContain('epthwise');
    for (const format of ['onnx', 'tfjs', 'keras'] as const) {
      const again = await readNetwork(await writeNetwork(network, format));
      expect(largestDifference(referenceScores(again, input).data, expected)).toBeLessThan(1e-4);
      expect(networkCost(again).macs).toBe(networkCost(network).macs);
    }
  });
});

/** A stem, two blocks of depthwise and pointwise convolutions, pooling and scores, as a converter fuses them. */
function mobileNet(): GraphBuilder {
  const graph = new GraphBuilder([16, 16, 3]);
  const fused = (stride: number) => ({
    ...slide(stride, 'SAME'),
    fused_ops: attribute.texts('BiasAdd', 'Relu6'),
    num_args: { i: '1' },
  });
  let value = graph.add(
    '_FusedConv2D',
    'stem',
    ['x', graph.weight('ks', 3, 3, 3, 8), graph.weight('bs', 8)],
    fused(2),
  );
  let channels = 8;
  for (const block of [1, 2]) {
    const depthwise = [
      value,
      graph.weight(`kd${block}`, 3, 3, channels, 1),
      graph.weight(`bd${block}`, channels),
    ];
    value = graph.add('FusedDepthwiseConv2dNative', `depthwise${block}`, depthwise, fused(block));
    const pointwise = [
      value,
      graph.weight(`kp${block}`, 1, 1, channels, 2 * channels),
      graph.weight(`bp${block}`, 2 * channels),
    ];
    value = graph.add('_FusedConv2D', `pointwise${block}`, pointwise, fused(1));
    channels *= 2;
  }
  const pooled = graph.add('Mean', 'pooled', [value, graph.integers('axes', 1, 2)], {
    keep_dims: attribute.flag(false),
  });
  const logits = graph.add(
    '_FusedMatMul',
    'logits',
    [pooled, graph.weight('kl', channels, 5), graph.weight('bl', 5)],
    {
      fused_ops: attribute.texts('BiasAdd'),
      num_args: { i: '1' },
    },
  );
  graph.add('Softmax', 'scores', [logits]);
  return graph;
}

async function failureOf(files: readonly { name: string; bytes: Uint8Array }[]): Promise<string> {
  try {
    assertComputable(await readNetwork(files));
  } catch (error) {
    if (error instanceof FailureError) return error.message;
    throw error;
  }
  throw new Error('expected a failure');
}

describe('TF.js GraphModels that cannot be used', () => {
  const graph = mobileNet();
  const nodesOf = (json: object) =>
    (json as { modelTopology: { node: { name: string; op: string; attr: object }[] } }).modelTopology.node;
  const changed =
    (change: (node: { name: string; op: string; attr: object }) => object) => (json: object) => ({
      ...json,
      modelTopology: { node: nodesOf(json).map(change) },
    });

  it('without their shard, or with one of another size', async () => {
    const [model, shard] = graph.files('scores');
    expect(await failureOf([model!])).toBe(
      'model.json: expected its weights in "group1-shard1of1.bin", found no such file; choose model.json and all files beside it together.',
    );
    expect(await failureOf([model!, { ...shard!, bytes: shard!.bytes.slice(0, 96) }])).toMatch(
      /^model\.json: group1-shard1of1\.bin: expected [\d,]+ bytes of weights, found 96 bytes/,
    );
  });

  it('with an operator that is not known: it is named with the reason', async () => {
    const files = graph.files(
      'scores',
      changed((node) => (node.name === 'scores' ? { ...node, op: 'TopKV2' } : node)),
    );
    expect(await failureOf(files)).toMatch(/"scores" \(TopKV2\) is not supported: it chooses among answers/);
  });

  it('with images that have their channels first', async () => {
    const files = graph.files(
      'scores',
      changed((node) =>
        node.name === 'stem'
          ? { ...node, attr: { ...node.attr, data_format: attribute.text('NCHW') } }
          : node,
      ),
    );
    expect(await failureOf(files)).toMatch(
      /"stem" \(_FusedConv2D\) is not supported: its images have their channels first \(NCHW\)/,
    );
  });

  it('with an input size that may change', async () => {
    const dim = [-1, -1, -1, 3].map((size) => ({ size: String(size) }));
    const files = graph.files(
      'scores',
      changed((node) =>
        node.op === 'Placeholder' ? { ...node, attr: { shape: { shape: { dim } } } } : node,
      ),
    );
    expect(await failureOf(files)).toBe(
      'model.json: input "x": expected a height and width, found [?, ?, ?, 3], which leaves them open; say how large its images are (--input-size HxW), or export the network with a fixed size.',
    );
    const read = await readNetwork(files, { inputSize: { height: 9, width: 11 } });
    expect(read.input.shape).toEqual([9, 11, 3]);
    assertComputable(read);
  });

  it('with nodes that are missing, or read each other', async () => {
    const without = graph.files('scores', (json) => ({
      ...json,
      modelTopology: { node: nodesOf(json).filter(({ name }) => name !== 'pooled') },
    }));
    expect(await failureOf(without)).toBe(
      'model.json: node "logits": expected its input "pooled" in the graph, found none; convert it again.',
    );
    const circle = graph.files(
      'scores',
      changed((node) => (node.name === 'pointwise1' ? { ...node, input: ['logits', 'kp1', 'bp1'] } : node)),
    );
    expect(await failureOf(circle)).toMatch(/expected nodes in an order, found that they form a circle/);
  });

  it('with damaged attributes, end in a sentence', async () => {
    const files = graph.files(
      'scores',
      changed((node) =>
        node.name === 'stem' ? { ...node, attr: { ...node.attr, strides: { list: { i: ['two'] } } } } : node,
      ),
    );
    expect(await failureOf(files)).toMatch(
      /"stem" \(_FusedConv2D\) is not supported: its strides is "two", expected a number/,
    );
  });
});
