import { describe, expect, test } from 'vitest';
import {
  activation,
  chainOf,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomConvolution,
  seededNumbers,
  smallResidualNetwork,
  square,
} from '../network/testing/builders';
import { groupNodes, sameGroup } from './fusion';

const numbers = seededNumbers(1);
const convolution = randomConvolution(numbers, { kernel: square(1), inputs: 3, outputs: 3 });
const norm = randomBatchNorm(numbers, 3);
const names = (network: Parameters<typeof groupNodes>[0], options?: Parameters<typeof groupNodes>[1]) =>
  groupNodes(network, options).map((group) => group.nodes.map((node) => node.name).join(' + '));

describe('fusing', () => {
  const chain = chainOf([4, 4, 3], [convolution, norm, activation('relu')]);

  test('takes batch norm and activation into the convolution before them', () => {
    expect(names(chain)).toEqual(['conv2d0 + batchNorm1 + activation2']);
  });

  test('leaves nodes alone when told to', () => {
    expect(names(chain, { fuse: false })).toEqual(['conv2d0', 'batchNorm1', 'activation2']);
  });

  test('keeps values that are named', () => {
    expect(names(chain, { keep: ['conv2d0:0'] })).toEqual(['conv2d0', 'batchNorm1 + activation2']);
    expect(names(chain, { keep: ['batchNorm1:0'] })).toEqual(['conv2d0 + batchNorm1', 'activation2']);
  });

  test('keeps values that the network answers with', () => {
    expect(names({ ...chain, outputs: ['batchNorm1:0', 'activation2:0'] })).toEqual([
      'conv2d0 + batchNorm1',
      'activation2',
    ]);
  });

  test('keeps a value that two nodes read', () => {
    const network = networkOf(
      [4, 4, 3],
      [
        nodeOf('conv', ['image'], convolution),
        nodeOf('norm', ['conv:0'], norm),
        nodeOf('sum', ['conv:0', 'norm:0'], { kind: 'add' }),
      ],
    );
    expect(names(network)).toEqual(['conv', 'norm', 'sum']);
  });

  test('takes in the sum with what was there before, and the activation behind it', () => {
    const nodes = [
      nodeOf('conv', ['image'], convolution),
      nodeOf('norm', ['conv:0'], norm),
      nodeOf('sum', ['image', 'norm:0'], { kind: 'add' }),
      nodeOf('relu', ['sum:0'], activation('relu')),
    ];
    const [group, ...others] = groupNodes(networkOf([4, 4, 3], nodes));
    expect(others).toEqual([]);
    expect(group).toMatchObject({ inputs: ['image', 'image'], addend: 'image', output: 'relu:0' });
  });

  test('leaves a sum alone whose other value comes later, or that has more than two', () => {
    const branches = [nodeOf('a', ['image'], convolution), nodeOf('b', ['image'], convolution)];
    const two = [...branches, nodeOf('sum', ['a:0', 'b:0'], { kind: 'add' })];
    expect(names(networkOf([4, 4, 3], two))).toEqual(['a', 'b + sum']);
    const three = [...branches, nodeOf('sum', ['a:0', 'b:0', 'image'], { kind: 'add' })];
    expect(names(networkOf([4, 4, 3], three))).toEqual(['a', 'b', 'sum']);
  });

  test('keeps a value that one node reads twice', () => {
    const network = networkOf(
      [4, 4, 3],
      [nodeOf('conv', ['image'], convolution), nodeOf('double', ['conv:0', 'conv:0'], { kind: 'add' })],
    );
    expect(names(network)).toEqual(['conv', 'double']);
  });

  test('takes a convolution into the one behind it that reads it line by line, with all that follows', () => {
    const down = randomConvolution(numbers, { kernel: { height: 3, width: 1 }, inputs: 3, outputs: 2 });
    const across = randomConvolution(numbers, { kernel: { height: 1, width: 3 }, inputs: 2, outputs: 3 });
    const factors = chainOf([4, 4, 3], [down, across, norm, activation('relu')]);
    const [group, ...others] = groupNodes(factors);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ first: down, norm, inputs: ['image'], shape: [4, 4, 3] });
    expect(group!.head.operator).toBe(across);
    expect(names(factors, { keep: ['conv2d0:0'] })).toEqual([
      'conv2d0',
      'conv2d1 + batchNorm2 + activation3',
    ]);
    expect(names(chainOf([4, 4, 3], [down, activation('relu'), across]))).toHaveLength(2);
    expect(names(chainOf([4, 4, 3], [convolution, convolution, convolution]))).toEqual([
      'conv2d0 + conv2d1',
      'conv2d2',
    ]);
  });

  test('leaves a convolution alone that reads several lines, skips some or adds some', () => {
    const options = { inputs: 3, outputs: 3, kernel: { height: 1, width: 3 } };
    const down = randomConvolution(numbers, { ...options, kernel: { height: 3, width: 1 } });
    const skipping = randomConvolution(numbers, { ...options, stride: { height: 2, width: 1 } });
    const adding = randomConvolution(numbers, {
      ...options,
      padding: { top: 1, bottom: 0, left: 0, right: 0 },
    });
    for (const second of [down, skipping, adding]) {
      expect(names(chainOf([6, 6, 3], [convolution, second]))).toEqual(['conv2d0', 'conv2d1']);
    }
  });

  test('never folds a batch norm behind an activation', () => {
    expect(names(chainOf([4, 4, 3], [convolution, activation('relu'), norm]))).toEqual([
      'conv2d0 + activation1',
      'batchNorm2',
    ]);
  });

  test('passes through dropout and joins two activations to none', () => {
    const dropout = { kind: 'identity', origin: 'dropout' } as const;
    const operators = [convolution, dropout, activation('relu'), activation('tanh')];
    expect(names(chainOf([4, 4, 3], operators))).toEqual([
      'conv2d0 + identity1 + activation2',
      'activation3',
    ]);
  });

  test('covers every node once, in order of the heads', () => {
    const network = smallResidualNetwork();
    const groups = groupNodes(network);
    expect(groups.flatMap((group) => group.nodes).length).toBe(network.nodes.length);
    expect(new Set(groups.flatMap((group) => group.nodes))).toEqual(new Set(network.nodes));
  });

  test('tells groups with equal nodes from groups with other weights', () => {
    const [a, b] = [
      groupNodes(chain)[0]!,
      groupNodes({ ...chain, nodes: chain.nodes.map((node) => ({ ...node })) })[0]!,
    ];
    const other = groupNodes(chainOf([4, 4, 3], [{ ...convolution }, norm, activation('relu')]))[0]!;
    expect(sameGroup(a, b)).toBe(true);
    expect(sameGroup(a, other)).toBe(false);
    expect(sameGroup(a, groupNodes(chain, { fuse: false })[0]!)).toBe(false);
    const larger = { ...chain, input: { ...chain.input, shape: [5, 4, 3] } };
    expect(sameGroup(a, groupNodes(larger)[0]!)).toBe(false);
  });
});
