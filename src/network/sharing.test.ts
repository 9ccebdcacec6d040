import { describe, expect, it } from 'vitest';
import { networkCost } from './cost';
import { describeLayers } from './describe';
import { factoriseLayer } from './factors';
import { rewriteNetwork } from './rewrite';
import { selectionProblem, costOfChoices } from '../enc/problem';
import { ownParameters, sharedKernels, withWeightsOf } from './sharing';
import {
  networkOf,
  nodeOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
  evenPadding,
} from './testing/builders';

const numbers = seededNumbers(6);
const convolution = randomConvolution(numbers, {
  kernel: square(3),
  padding: evenPadding(1),
  inputs: 4,
  outputs: 4,
});
const kernel = 3 * 3 * 4 * 4;

/** Three convolutions with one kernel, the last with a bias of its own, then a dense layer. */
const network = networkOf(
  [8, 8, 4],
  [
    nodeOf('a', ['image'], convolution),
    nodeOf('b', ['a:0'], convolution),
    nodeOf('c', ['b:0'], { ...convolution, bias: numbers.values(4) }),
    nodeOf('pool', ['c:0'], { kind: 'globalPool', reduce: 'average', keepDimensions: false }),
    nodeOf('dense', ['pool:0'], randomDense(numbers, 4, 3)),
  ],
);

describe('weights that several layers use', () => {
  it('are counted once, at the first', () => {
    expect([...ownParameters(network).values()]).toEqual([kernel + 4, 0, 4, 0, 15]);
    expect(networkCost(network).parameters).toBe(kernel + 4 + 4 + 15);
    const layers = describeLayers(network);
    expect(layers.map(({ parameters, kernelOf }) => [parameters, kernelOf])).toEqual([
      [kernel + 4, undefined],
      [0, 'a'],
      [4, 'a'],
      [15, undefined],
    ]);
    expect(layers.map(({ macs }) => macs)).toEqual([kernel * 64, kernel * 64, kernel * 64, 12]);
    expect([...sharedKernels(network)]).toEqual([
      ['b', 'a'],
      ['c', 'a'],
    ]);
  });

  it('are not shared because their numbers happen to be equal', () => {
    const twin = { ...convolution, kernel: { ...convolution.kernel, data: convolution.kernel.data.slice() } };
    const apart = { ...network, nodes: network.nodes.with(1, nodeOf('b', ['a:0'], twin)) };
    expect(networkCost(apart).parameters).toBe(2 * kernel + 4 + 4 + 15);
    expect(withWeightsOf(twin, convolution).kernel.data).toBe(convolution.kernel.data);
    const other = { ...twin, kernel: { ...twin.kernel, data: twin.kernel.data.map((value) => value + 1) } };
    expect(withWeightsOf(other, convolution)).toEqual(other);
  });

  it('are factors of one pair where they are cut to one rank, and plans know it', () => {
    const factors = new Map(
      network.nodes.slice(0, 3).map((node) => [node.name, factoriseLayer(node, 'spatial')]),
    );
    const problem = selectionProblem(
      describeLayers(network),
      networkCost(network),
      ({ kind }) => kind === 'conv2d',
    );
    const names = problem.layers.map(({ name }) => name);
    expect(names).toEqual(['a', 'b', 'c']);
    const possible = [1, 3, null];
    for (const a of possible)
      for (const b of possible)
        for (const c of possible) {
          const ranks = { a, b, c };
          const cut = rewriteNetwork(network, ranks, (layer) => factors.get(layer)!);
          const choices = [a, b, c].map((rank, at) => problem.layers[at]!.ranks.indexOf(rank));
          const { macs, parameters, bytes } = costOfChoices(problem, choices);
          expect([ranks, networkCost(cut)]).toEqual([ranks, { macs, parameters }]);
          expect(bytes).toBe(4 * parameters);
        }
  });

  it('are counted in plans that keep one of the layers', () => {
    for (const keep of ['a', 'b']) {
      const cut = keep === 'a' ? 'b' : 'a';
      const problem = selectionProblem(
        describeLayers(network),
        networkCost(network),
        ({ name }) => name === cut,
      );
      const { parameters } = costOfChoices(problem, [1]);
      const node = network.nodes.find(({ name }) => name === cut)!;
      const rewritten = rewriteNetwork(network, { [cut]: 2 }, () => factoriseLayer(node, 'spatial'));
      expect(networkCost(rewritten).parameters).toBe(parameters);
    }
  });

  it('is found in time in proportion, however many layers use one kernel with biases of their own', () => {
    const cutAll = (count: number) => {
      const dense = randomDense(seededNumbers(4), 4, 4);
      const layers = Array.from({ length: count }, (_, at) =>
        nodeOf(`d${at}`, [at > 0 ? `d${at - 1}:0` : 'image'], {
          ...dense,
          bias: Float32Array.of(at, 1, 2, 3),
        }),
      );
      const many = networkOf([4], layers);
      const factors = factoriseLayer(layers[0]!, 'dense');
      const ranks = Object.fromEntries(layers.map(({ name }) => [name, 2]));
      const before = process.cpuUsage();
      const cut = rewriteNetwork(many, ranks, (layer) => ({ ...factors, layer }));
      expect(networkCost(cut).parameters).toBe(4 * 2 + 2 * 4 + 4 * count);
      return process.cpuUsage(before).user;
    };
    cutAll(1000);
    // Quadratic would be 25.
    expect(cutAll(10_000) / cutAll(2000)).toBeLessThan(15);
  });
});
