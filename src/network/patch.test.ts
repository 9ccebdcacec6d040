import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeLayers } from './describe';
import { factoriseLayer, type LayerFactors } from './factors';
import type { GraphNode, Network } from './graph';
import { defaultFactorisation, requireLayer } from './layerNodes';
import { applyPatch, emptyPatch, replacedOneByOne, type Patch } from './patch';
import { lowRankPatch, rewriteNetwork } from './rewrite';
import { sizeOf } from './shapes';
import {
  arbitraryConvolution,
  chainOf,
  nodeOf,
  randomBatchNorm,
  seededNumbers,
  smallResidualNetwork,
} from './testing/builders';
import { runReference } from './testing/referenceExecutor';
import { validateNetwork } from './validate';

const network = smallResidualNetwork(6);
const nodeNamed = (name: string, of: Network) => requireLayer(of.nodes.find((node) => node.name === name)!);
const factorsIn =
  (of: Network) =>
  (name: string): LayerFactors =>
    factoriseLayer(nodeNamed(name, of), defaultFactorisation(nodeNamed(name, of).operator));
const answersOf = (of: Network) =>
  runReference(of, seededNumbers(1).values(sizeOf(of.input.shape))).get(of.outputs[0]!)!.data;
const names = ({ nodes }: Network) => nodes.map(({ name }) => name);
const together = (...patches: readonly Patch[]): Patch => ({
  replacements: patches.flatMap(({ replacements }) => replacements),
});
const cuttable = ['stem', 'down', 'project', 'grouped', 'hidden', 'classes'];
const anyRanks = fc
  .subarray(cuttable)
  .chain((layers) =>
    fc.record(Object.fromEntries(layers.map((name) => [name, fc.integer({ min: 1, max: 5 })]))),
  );

describe('applyPatch', () => {
  it('puts nodes in the place of others and shares the rest', () => {
    const norm = nodeOf('stemNorm', ['stem:0'], randomBatchNorm(seededNumbers(2), 8));
    const changed = applyPatch(network, { replacements: [{ node: 'stemNorm', nodes: [norm] }] });
    expect(names(changed)).toEqual(names(network));
    changed.nodes.forEach((node, index) =>
      expect(node).toBe(node.name === 'stemNorm' ? norm : network.nodes[index]),
    );
    expect(applyPatch(network, emptyPatch)).toEqual(network);
  });

  it('takes several nodes in the place of one, one after the other, and leaves the order alone', () => {
    const patch = lowRankPatch(network, { down: 4, classes: 3 }, factorsIn(network));
    const expected = names(network).flatMap((name) =>
      ['down', 'classes'].includes(name) ? [`${name}/first`, `${name}/second`] : [name],
    );
    const reversed: Patch = { replacements: [...patch.replacements].reverse() };
    expect(names(applyPatch(network, reversed))).toEqual(expected);
  });

  it('gives the same network for patches of different layers, one after the other or together', () => {
    fc.assert(
      fc.property(anyRanks, anyRanks, (some, others) => {
        const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !(name in some)));
        const [a, b] = [some, rest].map((ranks) => lowRankPatch(network, ranks, factorsIn(network)));
        const expected = rewriteNetwork(network, { ...some, ...rest }, factorsIn(network));
        expect(applyPatch(network, together(b!, a!))).toEqual(expected);
        expect(applyPatch(applyPatch(network, b!), a!)).toEqual(expected);
        expect(applyPatch(applyPatch(network, a!), b!)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('is undone by putting back what stood there, whatever the convolution', () => {
    const convolution = fc.nat().map((seed) => arbitraryConvolution(seededNumbers(seed)));
    fc.assert(
      fc.property(convolution, ({ operator, input }) => {
        const original = chainOf(input, [operator]);
        const [node] = original.nodes;
        const twin: GraphNode = { ...node!, name: 'twin' };
        const there = applyPatch(original, { replacements: [{ node: node!.name, nodes: [twin] }] });
        expect(answersOf(there)).toEqual(answersOf(original));
        const back = applyPatch(there, { replacements: replacedOneByOne([twin], [node!]) });
        expect(back).toEqual(original);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, Patch, RegExp]>([
    [
      'a node that is not there',
      { replacements: [{ node: 'absent', nodes: [] }] },
      /^node absent: expected a node of the network, found none of this name; /,
    ],
    [
      'a node that is replaced twice',
      together(...[1, 2].map((rank) => lowRankPatch(network, { stem: rank }, factorsIn(network)))),
      /^node stem: expected it to be replaced once, found twice; /,
    ],
  ])('refuses %s', (_, patch, message) => {
    expect(() => applyPatch(network, patch)).toThrow(
      expect.objectContaining({ code: 'invalid-request', message: expect.stringMatching(message) }),
    );
  });
});

describe('lowRankPatch', () => {
  it('gives other names where a layer of which one half was cut is cut again', () => {
    const once = rewriteNetwork(network, { down: 24 }, factorsIn(network));
    const halves = describeLayers(once).filter(({ name }) => name.startsWith('down/'));
    const ranks = Object.fromEntries(halves.map(({ name, rankFull }) => [name, rankFull]));
    const twice = applyPatch(once, lowRankPatch(once, ranks, factorsIn(once)));
    expect(validateNetwork(twice)).toEqual([]);
    const difference = answersOf(twice).map((value, index) => Math.abs(value - answersOf(network)[index]!));
    expect(Math.max(...difference)).toBeLessThan(1e-5);
  });

  it('gives other names where nodes and values have them already', () => {
    const [first, ...rest] = network.nodes;
    const nodes = [
      { ...first!, name: 'down/first' },
      ...rest.map((node) =>
        node.name === 'stemNorm'
          ? { ...node, output: 'down:0/first' }
          : rewired(node, 'stemNorm:0', 'down:0/first'),
      ),
    ];
    const taken: Network = { ...network, nodes };
    const [cut] = lowRankPatch(taken, { down: 24 }, factorsIn(taken)).replacements;
    expect(cut!.nodes.map(({ name }) => name)).toEqual(['down/first2', 'down/second']);
    expect(cut!.nodes.map(({ output }) => output)).toEqual(['down:0/first2', 'down:0']);
    expect(validateNetwork(applyPatch(taken, { replacements: [cut!] }))).toEqual([]);
  });
});

function rewired(node: GraphNode, from: string, to: string): GraphNode {
  return { ...node, inputs: node.inputs.map((input) => (input === from ? to : input)) };
}
