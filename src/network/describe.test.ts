import { describe, expect, it } from 'vitest';
import { describeAlternatives, describeLayer, describeLayers } from './describe';
import type { GraphNode, Network, Operator } from './graph';
import { inferShapes } from './shapes';
import {
  activation,
  chainOf,
  evenPadding,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
  type ConvolutionOptions,
} from './testing/builders';

const numbers = seededNumbers(6);
const convolution = (options: ConvolutionOptions) => randomConvolution(numbers, options);
const same = { kernel: square(3), padding: evenPadding(1) };

function byName(network: Network) {
  return Object.fromEntries(describeLayers(network).map((layer) => [layer.name, layer]));
}

describe('describeLayers', () => {
  const layers = byName(smallResidualNetwork());

  it('lists convolutions and dense layers in network order', () => {
    expect(Object.keys(layers)).toEqual([
      'stem',
      'down',
      'project',
      'grouped',
      'depthwise',
      'hidden',
      'classes',
    ]);
  });

  it('describes a strided convolution', () => {
    // 8 → 12 channels, 3×3, stride 2, 12×12 in, 6×6 out; the first factor's output is 6×12.
    const macsPerRank = 8 * 3 * 6 * 12 + 12 * 3 * 6 * 6;
    expect(layers['down']).toEqual({
      name: 'down',
      kind: 'conv2d',
      shape: '3×3, 8 → 12, stride 2',
      macs: 36 * 864,
      parameters: 864,
      factorisation: 'spatial',
      macsPerRank,
      parametersPerRank: 8 * 3 + 12 * 3,
      biasParameters: 0,
      rankMax: Math.floor((36 * 864) / macsPerRank),
      rankFull: 24,
      kept: null,
      keptByDefault: null,
    });
  });

  it('counts ranks of grouped convolutions per group', () => {
    // Two groups of 6 → 8 channels; rank r makes 2r filters.
    expect(layers['grouped']).toMatchObject({
      shape: '3×3, 12 → 16, 2 groups',
      macsPerRank: 36 * (12 * 3 + 16 * 3),
      rankFull: 18,
      rankMax: Math.floor(864 / 84),
    });
  });

  it('describes 1×1 convolutions by channel and dense layers as dense', () => {
    expect(layers['project']).toMatchObject({
      shape: '1×1, 8 → 12, stride 2',
      factorisation: 'channel',
      rankFull: 8,
    });
    expect(layers['hidden']).toMatchObject({
      kind: 'dense',
      shape: '144 → 20',
      factorisation: 'dense',
      macsPerRank: 164,
      rankMax: Math.floor(2880 / 164),
      rankFull: 20,
    });
  });

  it('limits the largest rank to the full rank', () => {
    const kernel = { height: 7, width: 7 };
    const defaults = chainOf([16, 16, 1], [convolution({ kernel, inputs: 1, outputs: 64 })]);
    expect(byName(defaults)['conv2d0']).toMatchObject({ rankFull: 7, rankMax: 6 });
    // One pixel padded to a width of nine: the first factor works on a narrow image, so rank 14 would still pay.
    const padding = { top: 0, bottom: 0, left: 4, right: 4 };
    const padded = chainOf(
      [2, 1, 100],
      [convolution({ kernel: square(2), inputs: 100, outputs: 1, padding })],
    );
    expect(byName(padded)['conv2d0']).toMatchObject({
      macs: 3200,
      macsPerRank: 216,
      rankFull: 2,
      rankMax: 2,
    });
  });

  it('keeps depthwise layers and layers that no rank makes cheaper, and says why', () => {
    expect(layers['depthwise']).toMatchObject({ shape: '3×3, 16 → 16, depthwise' });
    expect(layers['depthwise']?.kept).toMatch(/^Depthwise: /);
    const tiny = byName(chainOf([4], [randomDense(numbers, 1 + 3, 1)]))['dense0'];
    expect(tiny).toMatchObject({ rankMax: 0, keptByDefault: null });
    expect(tiny?.kept).toBe('Cannot get cheaper: its factors cost 5 MACs at rank 1, the layer itself 4.');
  });

  it('does not take the convolution of a grey image for depthwise', () => {
    const grey = chainOf([12, 12, 1], [convolution({ ...same, inputs: 1, outputs: 16 })]);
    expect(byName(grey)['conv2d0']?.kept).toBeNull();
  });

  it('keeps the cheap projection of a shortcut, and only that', () => {
    const block = (project: ConvolutionOptions) =>
      byName(
        networkOf(
          [8, 8, 3],
          [
            nodeOf('stem', ['image'], convolution({ ...same, inputs: 3, outputs: 8 })),
            nodeOf('one', ['stem:0'], convolution({ ...same, inputs: 8, outputs: 16, stride: square(2) })),
            nodeOf('oneRelu', ['one:0'], activation('relu')),
            nodeOf('two', ['oneRelu:0'], convolution({ ...same, inputs: 16, outputs: 16 })),
            nodeOf('project', ['stem:0'], convolution(project)),
            nodeOf('norm', ['project:0'], randomBatchNorm(numbers, 16)),
            nodeOf('sum', ['two:0', 'norm:0'], { kind: 'add' }),
            nodeOf('flat', ['sum:0'], { kind: 'flatten', order: 'chw' }),
            nodeOf('classes', ['flat:0'], randomDense(numbers, 256, 5)),
          ],
        ),
      );
    const cheap = block({ kernel: square(1), inputs: 8, outputs: 16, stride: square(2) });
    expect(cheap['project']?.keptByDefault).toMatch(/^It projects a shortcut: /);
    expect(cheap['one']?.keptByDefault).toBeNull();
    expect(cheap['two']?.keptByDefault).toBeNull();
    // 16 · 72 · 16 MACs beside 16 · (72 · 16 + 144 · 16): a third of its block.
    const dear = block({ ...same, inputs: 8, outputs: 16, stride: square(2) });
    expect(dear['project']?.keptByDefault).toBeNull();
  });

  it('names the unsupported node that hides a size', () => {
    const lstm: Operator = { kind: 'unsupported', operator: 'LSTM', reason: 'it keeps state.' };
    const network = networkOf(
      [4],
      [
        nodeOf('odd', ['image'], lstm),
        nodeOf('relu', ['odd:0'], activation('relu')),
        nodeOf('fc', ['relu:0'], randomDense(numbers, 4, 3)),
        nodeOf('fc2', ['fc:0'], randomDense(numbers, 3, 3)),
        nodeOf('sound', ['image'], randomDense(numbers, 4, 3)),
      ],
    );
    const described = byName(network);
    const reason = 'Its size is unknown, because node "odd" (LSTM) before it is not supported.';
    expect(described['fc']).toMatchObject({ macs: 0, parameters: 15, rankMax: 0, kept: reason });
    expect(described['fc2']?.kept).toBe(reason);
    expect(described['sound']?.macs).toBe(12);
  });

  it('names the node that does not fit', () => {
    const described = byName(chainOf([5], [randomDense(numbers, 4, 3), randomDense(numbers, 3, 3)]));
    expect(described['dense1']?.kept).toBe(
      'Its size is unknown, because the inputs of node "dense0" do not fit it.',
    );
  });

  it('describes a layer under another factorisation where asked', () => {
    const [, down] = describeLayers(smallResidualNetwork(), { down: 'channel' });
    expect(down).toMatchObject({ factorisation: 'channel', macsPerRank: 36 * (72 + 12), rankFull: 12 });
    expect(() => describeLayers(smallResidualNetwork(), { hidden: 'spatial' })).toThrow(
      /expected a factorisation that a dense layer has, found spatial/,
    );
  });
});

it('says of dense layers as large as VGG-16’s first that their curves are estimated, and of no others', () => {
  const isEstimated = (inputs: number, outputs: number) => {
    // Only its shape is looked at.
    const weights = { shape: [inputs, outputs], data: new Float32Array(0) };
    const node = nodeOf('fc', ['x'], { kind: 'dense', weights, bias: null });
    return describeLayer(node, new Map([['x', [inputs]]]), 'dense').isEstimated === true;
  };
  expect(isEstimated(25088, 4096)).toBe(true);
  expect(isEstimated(4096, 25088)).toBe(true);
  expect(isEstimated(9216, 4096)).toBe(true);
  expect(isEstimated(4096, 4096)).toBe(false);
  expect(isEstimated(300_000, 1000)).toBe(false);
});

describe('what is kept by default', () => {
  const reasons = (network: Network) =>
    Object.fromEntries(
      describeLayers(network).map(({ name, keptByDefault }) => [name, keptByDefault?.slice(0, 12) ?? null]),
    );
  const nodes = (list: readonly GraphNode[]) => networkOf([12, 12, 3], list);

  it('is the convolution that reads the image and the layer that gives the classes', () => {
    expect(reasons(smallResidualNetwork())).toEqual({
      stem: 'It reads the',
      down: null,
      project: null,
      grouped: null,
      depthwise: null,
      hidden: null,
      classes: 'It gives the',
    });
  });

  it('includes a final convolution that gives the classes', () => {
    const network = nodes([
      nodeOf('a', ['image'], convolution({ ...same, inputs: 3, outputs: 8 })),
      nodeOf('b', ['a:0'], convolution({ ...same, inputs: 8, outputs: 8 })),
      nodeOf('c', ['b:0'], convolution({ kernel: square(1), inputs: 8, outputs: 5 })),
      nodeOf('pool', ['c:0'], { kind: 'globalPool', reduce: 'average', keepDimensions: false }),
      nodeOf('softmax', ['pool:0'], { kind: 'softmax' }),
    ]);
    expect(reasons(network)).toEqual({ a: 'It reads the', b: null, c: 'It gives the' });
  });

  it('is not a layer whose shortcut merely reaches the classes', () => {
    const network = nodes([
      nodeOf('a', ['image'], convolution({ ...same, inputs: 3, outputs: 8 })),
      nodeOf('b', ['a:0'], convolution({ ...same, inputs: 8, outputs: 8 })),
      nodeOf('c', ['b:0'], convolution({ ...same, inputs: 8, outputs: 8 })),
      nodeOf('sum', ['b:0', 'c:0'], { kind: 'add' }),
      nodeOf('joined', ['image', 'sum:0'], { kind: 'concat', axis: 2 }),
      nodeOf('d', ['joined:0'], convolution({ ...same, inputs: 11, outputs: 8 })),
    ]);
    expect(reasons(network)).toEqual({ a: 'It reads the', b: null, c: null, d: 'It gives the' });
  });

  it('is not the first dense layer of a network without convolutions', () => {
    expect(reasons(chainOf([30], [randomDense(numbers, 30, 30), randomDense(numbers, 30, 5)]))).toEqual({
      dense0: null,
      dense1: 'It gives the',
    });
  });

  it('includes layers under half a percent of both MACs and parameters', () => {
    const sizes = [40, 500, 500, 2, 500, 10];
    const layers = sizes.slice(1).map((outputs, index) => randomDense(numbers, sizes[index]!, outputs));
    expect(reasons(chainOf([40], layers))).toEqual({
      dense0: null,
      dense1: null,
      dense2: 'Under 0.5 % ',
      // Its biases lift its parameters over the limit.
      dense3: null,
      dense4: 'It gives the',
    });
  });
});

describe('describeLayer', () => {
  it('describes every factorisation of a dilated, unevenly strided kernel', () => {
    const operator = convolution({
      kernel: { height: 3, width: 5 },
      inputs: 4,
      outputs: 6,
      stride: { height: 1, width: 2 },
      dilation: { height: 2, width: 1 },
    });
    const network = chainOf([12, 11, 4], [operator]);
    const node = network.nodes[0]!;
    const { shapes } = inferShapes(network);
    // Output 8×4; between the spatial factors 8×11.
    expect(describeLayer(node, shapes, 'spatial')).toMatchObject({
      shape: '3×5, 4 → 6, stride 1×2, dilation 2×1',
      macsPerRank: 4 * 3 * 8 * 11 + 6 * 5 * 8 * 4,
      parametersPerRank: 4 * 3 + 6 * 5,
      rankFull: 12,
    });
    expect(describeLayer(node, shapes, 'channel')).toMatchObject({
      macsPerRank: 32 * (4 * 15 + 6),
      parametersPerRank: 66,
      rankFull: 6,
    });
  });
});

it('says how convolutions are described when they are split by channels instead', () => {
  const network = smallResidualNetwork();
  const spatial = describeLayers(network);
  const alternatives = describeAlternatives(network);
  expect(alternatives.length).toBeGreaterThan(1);
  for (const other of alternatives) {
    const own = spatial.find(({ name }) => name === other.name)!;
    expect([own.factorisation, other.factorisation]).toEqual(['spatial', 'channel']);
    expect([other.macs, other.parameters, other.keptByDefault]).toEqual([
      own.macs,
      own.parameters,
      own.keptByDefault,
    ]);
  }
  // 36 positions; 3 · 3 · 8 weights of each of the first factor's filters, and 12 of the second's.
  const down = alternatives.find(({ name }) => name === 'down')!;
  expect([down.macsPerRank, down.rankMax]).toEqual([36 * (72 + 12), Math.floor(864 / 84)]);
});
