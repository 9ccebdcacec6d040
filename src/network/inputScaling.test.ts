import { describe, expect, it } from 'vitest';
import type { GraphNode, Network, Operator } from './graph';
import { inputScaling, preprocessingFor, type InputRange } from './inputScaling';
import {
  activation,
  evenPadding,
  networkOf,
  nodeOf,
  randomConvolution,
  seededNumbers,
  square,
} from './testing/builders';

type Step = readonly [kind: 'add' | 'multiply' | 'subtract' | 'divide' | 'from', ...values: number[]];

/** A network that does these steps to its image before its first convolution. */
function scaling(...steps: readonly Step[]): Network {
  const nodes: GraphNode[] = [];
  let value = 'image';
  steps.forEach(([kind, ...values], index) => {
    const tensor = { shape: [values.length], data: Float32Array.from(values) };
    nodes.push(nodeOf(`constant${index}`, [], { kind: 'constant', value: tensor }));
    const constant = `constant${index}:0`;
    const operator: Operator =
      kind === 'add' || kind === 'multiply'
        ? { kind }
        : { kind: 'elementwise', function: kind === 'divide' ? 'divide' : 'subtract' };
    nodes.push(nodeOf(`step${index}`, kind === 'from' ? [constant, value] : [value, constant], operator));
    value = `step${index}:0`;
  });
  return behind(nodes, value);
}

const convolution = randomConvolution(seededNumbers(1), {
  ...{ kernel: square(3), padding: evenPadding(1), inputs: 3, outputs: 4 },
});

function behind(nodes: readonly GraphNode[], value: string): Network {
  return networkOf([8, 8, 3], [...nodes, nodeOf('convolution', [value], convolution)]);
}

function normalising(mean: readonly number[], deviation: readonly number[]): Network {
  const operator: Operator = {
    kind: 'batchNorm',
    mean: Float32Array.from(mean),
    variance: Float32Array.from(deviation, (value) => value ** 2),
    scale: Float32Array.of(7, 8, 9),
    offset: Float32Array.of(1, 2, 3),
    epsilon: 0,
  };
  return behind([nodeOf('norm', ['image'], operator)], 'norm:0');
}

describe('scaling inside of a network', () => {
  it('is composed of its steps, in order, per channel', () => {
    const found = inputScaling(scaling(['subtract', 100, 110, 120], ['divide', 50], ['add', 1]))!;
    expect(found.nodes).toEqual(['step0', 'step1', 'step2']);
    expect(found.factor).toEqual([1 / 50, 1 / 50, 1 / 50]);
    found.offset.forEach((offset, channel) => expect(offset).toBeCloseTo(-(100 + 10 * channel) / 50 + 1));
    const reversed = inputScaling(scaling(['from', 255]))!;
    expect([reversed.factor[0], reversed.offset[0]]).toEqual([-1, 255]);
  });

  it.each<[string, Network, InputRange | null]>([
    ['/ 255', scaling(['multiply', 1 / 255]), 'raw'],
    ['/ 127.5 − 1', scaling(['divide', 127.5], ['subtract', 1]), 'raw'],
    ['(x − 127.5) / 128', scaling(['subtract', 127.5], ['multiply', 1 / 128]), 'raw'],
    ['Caffe’s means', scaling(['subtract', 104, 117, 123]), 'raw'],
    ['a mean of about 100', scaling(['add', -100]), 'raw'],
    ['1 − x / 255', scaling(['multiply', -1 / 255], ['add', 1]), 'raw'],
    ['ImageNet in pixels', scaling(['subtract', 123.7, 116.3, 103.5], ['divide', 58.4, 57.1, 57.4]), 'raw'],
    [
      'ImageNet in shares',
      scaling(['subtract', 0.485, 0.456, 0.406], ['divide', 0.229, 0.224, 0.225]),
      'zero-to-one',
    ],
    ['2 x − 1', scaling(['multiply', 2], ['subtract', 1]), 'zero-to-one'],
    ['255 x', scaling(['multiply', 255]), 'zero-to-one'],
    ['255 x − means', scaling(['multiply', 255], ['subtract', 104, 117, 123]), 'zero-to-one'],
    ['(x + 1) / 2', scaling(['add', 1], ['divide', 2]), 'minus-one-to-one'],
    ['(x + 1) · 127.5', scaling(['add', 1], ['multiply', 127.5]), 'minus-one-to-one'],
    ['batch norm on pixels', normalising([123, 116, 103], [58, 57, 57]), 'raw'],
    ['batch norm on shares', normalising([0.49, 0.48, 0.44], [0.25, 0.24, 0.26]), 'zero-to-one'],
    ['batch norm on −1 to 1', normalising([0, 0, 0.02], [0.5, 0.5, 0.5]), 'minus-one-to-one'],
    ['something else', scaling(['multiply', 1e-6]), null],
  ])('of %s shows what it expects', (_, network, range) => {
    expect(inputScaling(network)?.range).toBe(range);
  });

  it('is none where layers come first, where values split, and where steps undo each other', () => {
    expect(inputScaling(behind([], 'image'))).toBeNull();
    expect(inputScaling(behind([nodeOf('relu', ['image'], activation('relu'))], 'relu:0'))).toBeNull();
    expect(inputScaling(scaling(['multiply', 2], ['divide', 2]))).toBeNull();
    const beside = scaling(['multiply', 1 / 255]);
    const split = { ...beside, nodes: [...beside.nodes, nodeOf('other', ['image'], activation('relu'))] };
    expect(inputScaling(split)).toBeNull();
  });

  it('is none where a file states more channels than there is memory for', () => {
    const relu = nodeOf('relu', ['image'], activation('relu'));
    expect(inputScaling(networkOf([1, 1, 2 ** 31 - 1], [relu]))).toBeNull();
  });

  it('is averaged over positions where every pixel has a mean of its own', () => {
    const data = Float32Array.from(
      { length: 8 * 8 * 3 },
      (_, index) => 100 + (index % 3) + (index < 96 ? 5 : -5),
    );
    const mean = nodeOf('mean', [], { kind: 'constant', value: { shape: [8, 8, 3], data } });
    const subtract = nodeOf('less', ['image', 'mean:0'], { kind: 'elementwise', function: 'subtract' });
    expect(inputScaling(behind([mean, subtract], 'less:0'))!.offset).toEqual([-100, -101, -102]);
  });

  it('leaves pixels to the network, in the order of its means', () => {
    const of = (network: Network) => preprocessingFor(inputScaling(network)!, 3);
    expect(of(scaling(['multiply', 1 / 255]))).toEqual({ channels: 'rgb', mean: [0], scale: [1] });
    expect(of(scaling(['subtract', 104, 117, 123]))).toEqual({ channels: 'bgr', mean: [0], scale: [1] });
    expect(of(scaling(['subtract', 123, 117, 104]))).toEqual({ channels: 'rgb', mean: [0], scale: [1] });
    expect(of(scaling(['add', 1], ['divide', 2]))?.mean).toEqual([127.5]);
    expect(of(scaling(['multiply', 1e-6]))).toBeNull();
  });
});
