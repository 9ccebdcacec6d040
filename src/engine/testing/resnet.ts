import type { GraphNode, Network, Operator } from '../../network/graph';
import {
  activation,
  evenPadding,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../network/testing/builders';

/**
 * A residual network for 32×32 colour images with ResNet-56's shapes at 9 blocks per stage (6 · blocks + 2
 * layers; 16, 32, 64 channels; projections where the size changes) and random weights: as slow as the trained
 * one, for benchmarks and tests of speed-independent properties.
 */
export function randomResNet(blocksPerStage = 9, seed = 1): Network {
  const numbers = seededNumbers(seed);
  const nodes: GraphNode[] = [];
  const put = (name: string, inputs: readonly string[], operator: Operator) => {
    const node = nodeOf(name, inputs, operator);
    nodes.push(node);
    return node.output;
  };
  const convolution = (
    name: string,
    from: string,
    size: number,
    inputs: number,
    outputs: number,
    step = 1,
  ) => {
    const options = { kernel: square(size), padding: evenPadding((size - 1) / 2), stride: square(step) };
    const value = put(name, [from], randomConvolution(numbers, { ...options, inputs, outputs, bias: false }));
    return put(`${name}/norm`, [value], randomBatchNorm(numbers, outputs));
  };
  const relu = (name: string, from: string) => put(`${name}/relu`, [from], activation('relu'));
  let value = relu('stem', convolution('stem', 'image', 3, 3, 16));
  let channels = 16;
  for (const [stage, width] of [16, 32, 64].entries()) {
    for (let block = 0; block < blocksPerStage; block++) {
      const name = `stage${stage}/block${block}`;
      const step = width === channels ? 1 : 2;
      const shortcut = step === 1 ? value : convolution(`${name}/project`, value, 1, channels, width, step);
      const first = relu(`${name}/a`, convolution(`${name}/a`, value, 3, channels, width, step));
      const second = convolution(`${name}/b`, first, 3, width, width);
      value = relu(name, put(`${name}/sum`, [second, shortcut], { kind: 'add' }));
      channels = width;
    }
  }
  value = put('pool', [value], { kind: 'globalPool', reduce: 'average', keepDimensions: false });
  value = put('classes', [value], randomDense(numbers, channels, 10));
  put('probabilities', [value], { kind: 'softmax' });
  return networkOf([32, 32, 3], nodes);
}
