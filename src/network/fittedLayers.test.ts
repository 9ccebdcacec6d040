import { describe, expect, it } from 'vitest';
import { factoriseLayer } from './factors';
import { rewriteFitted, truncatedLayer, type FittedKernel } from './fittedLayers';
import { defaultFactorisation, requireLayer } from './layerNodes';
import { rewriteNetwork } from './rewrite';
import { seededNumbers, smallResidualNetwork } from './testing/builders';
import { runReference } from './testing/referenceExecutor';
import { validateNetwork } from './validate';

const network = smallResidualNetwork(6);
const nodeNamed = (name: string) => requireLayer(network.nodes.find((node) => node.name === name)!);
const factorsOf = (name: string) =>
  factoriseLayer(nodeNamed(name), defaultFactorisation(nodeNamed(name).operator));
const image = seededNumbers(1).values(12 * 12 * 3);

describe('rewriteFitted', () => {
  it('with truncated layers is what rewriteNetwork gives', () => {
    const ranks = { down: 4, grouped: 3, hidden: 5 };
    const fitted = Object.entries(ranks).map(([name, rank]) =>
      truncatedLayer(nodeNamed(name), factorsOf(name), rank),
    );
    expect(rewriteFitted(network, fitted)).toEqual(rewriteNetwork(network, ranks, factorsOf));
  });

  it('adds the fitted bias behind the second factor', () => {
    const plain = truncatedLayer(nodeNamed('down'), factorsOf('down'), 24);
    const bias = Float32Array.from({ length: 12 }, (_, channel) => channel - 5);
    const [before, after] = [plain, { ...plain, bias }].map((layer) =>
      runReference(rewriteFitted(network, [layer]), image).get('down:0')!,
    );
    after!.data.forEach((value, index) =>
      expect(value - before!.data[index]!).toBeCloseTo((index % 12) - 5, 5),
    );
  });

  it('replaces the weights of a layer that is not cut', () => {
    const { operator } = nodeNamed('classes');
    if (operator.kind !== 'dense') expect.unreachable();
    const kernel = { ...operator.weights, data: operator.weights.data.map((value) => 2 * value) };
    const layer: FittedKernel = {
      kind: 'kernel',
      layer: 'classes',
      kernel,
      bias: new Float32Array(5).fill(1),
    };
    const changed = rewriteFitted(network, [layer]);
    expect(validateNetwork(changed)).toEqual([]);
    expect(changed.nodes).toHaveLength(network.nodes.length);
    const [before, after] = [network, changed].map((graph) => runReference(graph, image).get('classes:0')!);
    after!.data.forEach((value, index) => {
      const own = before!.data[index]! - (operator.bias?.[index] ?? 0);
      expect(value).toBeCloseTo(2 * own + 1, 4);
    });
  });

  it('names a layer that the network does not have, and refuses a kernel of another shape', () => {
    const truncated = truncatedLayer(nodeNamed('down'), factorsOf('down'), 2);
    expect(() => rewriteFitted(network, [{ ...truncated, layer: 'absent' }])).toThrow(/absent/);
    const kernel = { shape: [2, 2], data: new Float32Array(4) };
    const layer: FittedKernel = { kind: 'kernel', layer: 'classes', kernel, bias: new Float32Array(5) };
    expect(() => rewriteFitted(network, [layer])).toThrow(/expected a kernel/);
  });
});
