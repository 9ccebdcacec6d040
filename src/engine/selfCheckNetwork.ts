import { createRandom, type Random } from '../linalg/random';
import type { Conv2d, GraphNode, Network, Operator, Shape, Tensor } from '../network/graph';

/** Images in the batch that is computed. */
export const checkedBatch = 2;

/**
 * A small network with the operators that most networks consist of, in such shapes that a backend's forms of
 * convolution and product (by single channels, by four, reduced in parts) all have their turn. Reads 9×9×3 and
 * answers scores of 6 classes and their softmax.
 */
export function checkedNetwork(): Network {
  const random = createRandom(7);
  const nodes = [
    nodeOf('stem', ['image'], convolution(random, [3, 3, 3, 8], 1, 1)),
    nodeOf('norm', ['stem:0'], {
      kind: 'batchNorm',
      scale: values(random, 8, 0.5).map((value) => 1 + value),
      offset: values(random, 8, 0.5),
      mean: values(random, 8, 0.5),
      variance: values(random, 8, 0.5).map((value) => 1 + value),
      epsilon: 1e-5,
    }),
    nodeOf('rectified', ['norm:0'], relu),
    nodeOf('down', ['rectified:0'], convolution(random, [3, 3, 8, 12], 2, 1)),
    nodeOf('project', ['rectified:0'], convolution(random, [1, 1, 8, 12], 2, 0)),
    nodeOf('sum', ['down:0', 'project:0'], { kind: 'add' }),
    nodeOf('gate', ['sum:0'], { kind: 'activation', function: 'sigmoid', alpha: 0, beta: 0 }),
    nodeOf('gated', ['sum:0', 'gate:0'], { kind: 'multiply' }),
    nodeOf('depthwise', ['gated:0'], convolution(random, [3, 3, 1, 12], 1, 1, 12)),
    nodeOf('maxima', ['depthwise:0'], pool('max')),
    nodeOf('means', ['depthwise:0'], pool('average')),
    nodeOf('joined', ['maxima:0', 'means:0'], { kind: 'concat', axis: 2 }),
    nodeOf('column', ['joined:0'], convolution(random, [2, 1, 24, 10], 1, 0)),
    nodeOf('flat', ['column:0'], { kind: 'flatten', order: 'chw' }),
    nodeOf('hidden', ['flat:0'], dense(random, 20, 16)),
    nodeOf('hiddenRectified', ['hidden:0'], relu),
    nodeOf('scores', ['hiddenRectified:0'], dense(random, 16, 6)),
    nodeOf('probabilities', ['scores:0'], { kind: 'softmax' }),
  ];
  return {
    name: 'self-check',
    input: { name: 'image', shape: [9, 9, 3] },
    outputs: ['scores:0', 'probabilities:0'],
    nodes,
    metadata: {},
    source: { format: 'onnx', batch: 'N' },
  };
}

/** The images that it is given: {@link checkedBatch} of them, one after the other. */
export function checkedImages(): Float32Array {
  return values(createRandom(8), checkedBatch * 9 * 9 * 3, 1);
}

const relu: Operator = { kind: 'activation', function: 'relu', alpha: 0, beta: 0 };

function nodeOf(name: string, inputs: readonly string[], operator: Operator): GraphNode {
  return { name, inputs, output: `${name}:0`, operator };
}

/** Uniform in ±size. */
function values(random: Random, count: number, size: number): Float32Array {
  return Float32Array.from({ length: count }, () => size * (2 * random.uniform() - 1));
}

function tensor(random: Random, shape: Shape, fanIn: number): Tensor {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: values(random, count, Math.sqrt(3 / fanIn)) };
}

function convolution(
  random: Random,
  shape: readonly [number, number, number, number],
  step: number,
  border: number,
  groups = 1,
): Conv2d {
  const [height, width, inputs, outputs] = shape;
  return {
    kind: 'conv2d',
    kernel: tensor(random, shape, height * width * inputs),
    bias: values(random, outputs, 0.5),
    stride: { height: step, width: step },
    dilation: { height: 1, width: 1 },
    padding: { top: border, bottom: border, left: border, right: border },
    groups,
  };
}

function dense(random: Random, inputs: number, outputs: number): Operator {
  return {
    kind: 'dense',
    weights: tensor(random, [inputs, outputs], inputs),
    bias: values(random, outputs, 0.5),
  };
}

function pool(reduce: 'max' | 'average'): Operator {
  return {
    kind: 'pool',
    reduce,
    window: { height: 2, width: 2 },
    stride: { height: 2, width: 2 },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    roundUp: false,
    includePadding: false,
  };
}
