import { describe, expect, test } from 'vitest';
import type { GraphNode, Network } from '../network/graph';
import { requireLayer } from '../network/layerNodes';
import { inferShapes } from '../network/shapes';
import {
  activation,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomConvolution,
  seededNumbers,
  square,
} from '../network/testing/builders';
import { runReference } from '../network/testing/referenceExecutor';
import { outputUse } from './outputUse';

const numbers = seededNumbers(3);
const convolution = () => randomConvolution(numbers, { kernel: square(1), inputs: 4, outputs: 4 });
const layer = nodeOf('conv', ['image'], convolution());
const norm = nodeOf('norm', ['conv:0'], randomBatchNorm(numbers, 4));
const relu = (from: string) => nodeOf('relu', [from], activation('relu'));
const sum = (inputs: string[]) => nodeOf('sum', inputs, { kind: 'add' });

function useIn(nodes: readonly GraphNode[]) {
  const network: Network = networkOf([3, 3, 4], [layer, ...nodes]);
  const use = outputUse(network, requireLayer(layer), 4, inferShapes(network).shapes);
  return { network, use };
}

describe('outputUse', () => {
  test('is activation(gain · output + offset + residual), as the reference executor computes it', () => {
    const { network, use } = useIn([norm, sum(['image', 'norm:0']), relu('sum:0')]);
    expect(use.residual).toBe('image');
    const values = runReference(network, seededNumbers(1).values(36));
    const [own, added, found] = ['conv:0', use.residual!, 'relu:0'].map((name) => values.get(name)!.data);
    found!.forEach((value, index) => {
      const input = use.gain[index % 4]! * own![index]! + use.offset[index % 4]! + added![index]!;
      expect(value).toBeCloseTo(Math.max(use.bounds.min, Math.min(use.bounds.max, input)), 5);
    });
  });

  test('has an upper bound for relu6 and none for an activation that is never flat', () => {
    const bounds = (name: 'relu6' | 'tanh' | 'clip', ...parameters: number[]) =>
      useIn([nodeOf('act', ['conv:0'], activation(name, ...parameters))]).use.bounds;
    expect(bounds('relu6')).toEqual({ min: 0, max: 6 });
    expect(bounds('tanh')).toEqual({ min: -Infinity, max: Infinity });
    expect(bounds('clip', -1, 2)).toEqual({ min: -1, max: 2 });
  });

  test('sees through identities', () => {
    const dropout = nodeOf('drop', ['norm:0'], { kind: 'identity', origin: 'dropout' });
    expect(useIn([norm, dropout, relu('drop:0')]).use.bounds.min).toBe(0);
  });

  test('ends where another node reads the value too', () => {
    const { use } = useIn([norm, relu('norm:0'), sum(['conv:0', 'relu:0'])]);
    expect([...use.gain]).toEqual([1, 1, 1, 1]);
    expect(use.bounds.min).toBe(-Infinity);
  });

  test('takes no residual that is made from the layer itself, and none of another shape', () => {
    const twice = [norm, sum(['norm:0', 'norm:0'])];
    expect(useIn(twice).use.residual).toBeNull();
    const pooled = nodeOf('pool', ['image'], { kind: 'globalPool', reduce: 'average', keepDimensions: true });
    expect(useIn([pooled, norm, sum(['norm:0', 'pool:0'])]).use.residual).toBeNull();
  });

  test('never has a gain of 0', () => {
    const dead = randomBatchNorm(numbers, 4);
    const silent = nodeOf('norm', ['conv:0'], { ...dead, scale: Float32Array.from([0, 1, 1, 1]) });
    expect(useIn([silent]).use.gain.every((value) => Math.abs(value) > 0)).toBe(true);
  });
});
