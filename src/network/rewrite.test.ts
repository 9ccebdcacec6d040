import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkCost } from './cost';
import { describeLayers } from './describe';
import { factoriseLayer, type LayerFactors } from './factors';
import type { Conv2d, Network, Shape } from './graph';
import type { Factorisation, LayerDescription } from './layers';
import { rewriteNetwork } from './rewrite';
import { inferShapes, sizeOf } from './shapes';
import {
  arbitraryConvolution,
  chainOf,
  networkOf,
  nodeOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
} from './testing/builders';
import { runReference } from './testing/referenceExecutor';
import { validateNetwork } from './validate';

function factorsFor(network: Network, factorisations: ReadonlyMap<string, Factorisation>) {
  return (layer: string): LayerFactors => {
    const node = network.nodes.find(({ name }) => name === layer)!;
    return factoriseLayer(node, factorisations.get(layer)!);
  };
}

/** Rewrites every described layer to the rank that `rankOf` gives. */
function rewriteAll(
  network: Network,
  layers: readonly LayerDescription[],
  rankOf: (layer: LayerDescription) => number,
) {
  const factorisations = new Map(layers.map(({ name, factorisation }) => [name, factorisation]));
  const ranks = Object.fromEntries(layers.map((layer) => [layer.name, rankOf(layer)]));
  return rewriteNetwork(network, ranks, factorsFor(network, factorisations));
}

/** Greatest difference of an output value, relative to the greatest output (or to 1, about which they lie). */
function outputError(original: Network, changed: Network): number {
  const image = seededNumbers(77).values(sizeOf(original.input.shape));
  const [name] = original.outputs;
  const expected = runReference(original, image).get(name!)!;
  const found = runReference(changed, image).get(name!)!;
  expect(found.shape).toEqual(expected.shape);
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  return Math.max(...expected.data.map((value, index) => Math.abs(value - found.data[index]!))) / scale;
}

const anyFactorisation = fc.constantFrom('spatial' as const, 'channel' as const);

function isDepthwise({ groups, kernel }: Conv2d): boolean {
  return groups > 1 && kernel.shape[2] === 1;
}

/** A random convolution of any legal form that is not depthwise, alone in a network. */
const anyConvolution = fc
  .nat()
  .map((seed) => arbitraryConvolution(seededNumbers(seed)))
  .filter(({ operator }) => !isDepthwise(operator))
  .map(({ operator, input }) => chainOf(input, [operator]));

describe('rewriteNetwork', () => {
  it('reproduces any convolution at full rank', () => {
    fc.assert(
      fc.property(anyConvolution, anyFactorisation, (network, factorisation) => {
        const layers = describeLayers(network, { conv2d0: factorisation });
        const rewritten = rewriteAll(network, layers, ({ rankFull }) => rankFull);
        expect(rewritten.nodes).toHaveLength(2);
        expect(outputError(network, rewritten)).toBeLessThan(1e-5);
      }),
      { numRuns: 300 },
    );
  });

  it('costs what the description predicts, at any rank', () => {
    fc.assert(
      fc.property(anyConvolution, anyFactorisation, fc.nat(), (network, factorisation, seed) => {
        const layers = describeLayers(network, { conv2d0: factorisation });
        const layer = layers[0]!;
        const rank = 1 + (seed % layer.rankFull);
        expect(networkCost(rewriteAll(network, layers, () => rank))).toEqual({
          macs: rank * layer.macsPerRank,
          parameters: rank * layer.parametersPerRank + layer.biasParameters,
        });
      }),
      { numRuns: 300 },
    );
  });

  const numbers = seededNumbers(8);
  const forms: readonly [string, Network][] = [
    [
      'a 1×1 convolution',
      chainOf(
        [4, 5, 6],
        [randomConvolution(numbers, { kernel: square(1), inputs: 6, outputs: 9, stride: square(2) })],
      ),
    ],
    ['a dense layer', chainOf([12], [randomDense(numbers, 12, 7)])],
    ['a dense layer on every pixel', chainOf([3, 4, 5], [randomDense(numbers, 5, 8)])],
  ];

  it.each(forms)('reproduces %s at full rank, at the cost foretold', (_, network) => {
    const layers = describeLayers(network);
    const rewritten = rewriteAll(network, layers, ({ rankFull }) => rankFull);
    expect(outputError(network, rewritten)).toBeLessThan(1e-5);
    expect(networkCost(rewritten).macs).toBe(layers[0]!.macsPerRank * layers[0]!.rankFull);
  });

  describe('on a whole network', () => {
    const network = smallResidualNetwork();
    const cuttable = describeLayers(network).filter(({ name }) => name !== 'depthwise');

    it('reproduces it with every layer at full rank', () => {
      const rewritten = rewriteAll(network, cuttable, ({ rankFull }) => rankFull);
      expect(validateNetwork(rewritten)).toEqual([]);
      expect(rewritten.nodes).toHaveLength(network.nodes.length + cuttable.length);
      expect(outputError(network, rewritten)).toBeLessThan(1e-5);
    });

    it('saves what the descriptions predict and never costs more at the largest useful rank', () => {
      const helped = cuttable.filter(({ rankMax }) => rankMax >= 1);
      const rewritten = rewriteAll(network, helped, ({ rankMax }) => rankMax);
      const saved = helped.reduce(
        (sum, { macs, macsPerRank, rankMax }) => sum + macs - macsPerRank * rankMax,
        0,
      );
      expect(saved).toBeGreaterThanOrEqual(0);
      expect(networkCost(rewritten).macs).toBe(networkCost(network).macs - saved);
    });

    it('keeps the shape of every value, names included, and shares what it does not touch', () => {
      const rewritten = rewriteAll(network, cuttable.slice(0, 2), () => 1);
      const shapes = inferShapes(rewritten).shapes;
      const entries: readonly [string, Shape][] = [...inferShapes(network).shapes];
      entries.forEach(([value, shape]) => expect(shapes.get(value)).toEqual(shape));
      const untouched = network.nodes.filter(
        ({ name }) => !cuttable.slice(0, 2).some((layer) => layer.name === name),
      );
      untouched.forEach((node) => expect(rewritten.nodes).toContain(node));
    });

    it('keeps layers whose rank is null', () => {
      const unused = () => expect.unreachable();
      expect(rewriteNetwork(network, { stem: null }, unused).nodes).toEqual(network.nodes);
    });

    it('can cut one half of a layer again', () => {
      const once = rewriteAll(network, cuttable.slice(1, 2), ({ rankFull }) => rankFull);
      const halves = describeLayers(once).filter(({ name }) => name.startsWith('down/'));
      const twice = rewriteAll(once, halves, ({ rankFull }) => rankFull);
      expect(halves).toHaveLength(2);
      expect(validateNetwork(twice)).toEqual([]);
      expect(outputError(network, twice)).toBeLessThan(1e-5);
    });

    const refused: readonly [string, Readonly<Record<string, number | null>>, RegExp][] = [
      [
        'a name that no layer has',
        { conv99: 3 },
        /^layer conv99: expected a layer of the network, found none of this name; /,
      ],
      [
        'such a name even where it is kept',
        { conv99: null },
        /^layer conv99: expected a layer of the network, found none/,
      ],
      [
        'a node that is no layer',
        { stemRelu: 3 },
        /^layer stemRelu: expected a convolution or a dense layer, found activation; /,
      ],
      ['a depthwise layer', { depthwise: 1 }, /^layer depthwise: it cannot be cut\. Depthwise/],
      ['a rank above the full one', { stem: 300 }, /^layer stem: expected a rank of at most 9, found 300; /],
      ['a rank of zero', { stem: 0 }, /^layer stem: expected a rank from 1, found 0; /],
      ['a broken rank', { stem: 2.5 }, /^layer stem: expected a whole number as rank, found 2.5; /],
      ['no number', { stem: NaN }, /^layer stem: expected a whole number as rank, found NaN; /],
    ];

    it.each(refused)('refuses %s', (_, ranks, message) => {
      const factorisations = new Map(cuttable.map(({ name, factorisation }) => [name, factorisation]));
      const rewrite = () => rewriteNetwork(network, ranks, factorsFor(network, factorisations));
      expect(rewrite).toThrow(
        expect.objectContaining({ code: 'invalid-request', message: expect.stringMatching(message) }),
      );
    });
  });

  it('does not cut a layer of unknown size', () => {
    const network = networkOf(
      [4],
      [
        nodeOf('odd', ['image'], { kind: 'unsupported', operator: 'LSTM', reason: 'it keeps state.' }),
        nodeOf('fc', ['odd:0'], randomDense(numbers, 4, 3)),
      ],
    );
    const rewrite = () => rewriteNetwork(network, { fc: 1 }, factorsFor(network, new Map([['fc', 'dense']])));
    expect(rewrite).toThrow(/layer fc: it cannot be cut\. Its size is unknown/);
  });
});
