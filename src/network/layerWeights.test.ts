import { describe, expect, it } from 'vitest';
import { factoriseLayer } from './factors';
import { defaultFactorisation, requireLayer } from './layerNodes';
import { withWeights } from './layerWeights';
import { applyPatch } from './patch';
import { rewriteNetwork } from './rewrite';
import { seededNumbers, smallResidualNetwork } from './testing/builders';
import { runReference } from './testing/referenceExecutor';
import { validateNetwork } from './validate';

const network = smallResidualNetwork(6);
const nodeNamed = (name: string, of = network) => requireLayer(of.nodes.find((node) => node.name === name)!);
const factorsOf = (name: string) =>
  factoriseLayer(nodeNamed(name), defaultFactorisation(nodeNamed(name).operator));
const image = seededNumbers(1).values(12 * 12 * 3);

describe('withWeights', () => {
  it('adds a bias behind the second factor of a cut layer', () => {
    const plain = rewriteNetwork(network, { down: 24 }, factorsOf);
    const second = nodeNamed('down/second', plain);
    if (second.operator.kind !== 'conv2d') expect.unreachable();
    const bias = Float32Array.from({ length: 12 }, (_, channel) => channel - 5);
    const nodes = [withWeights(second, second.operator.kernel, bias)];
    const changed = applyPatch(plain, { replacements: [{ node: 'down/second', nodes }] });
    const [before, after] = [plain, changed].map((of) => runReference(of, image).get('down:0')!);
    after!.data.forEach((value, index) =>
      expect(value - before!.data[index]!).toBeCloseTo((index % 12) - 5, 5),
    );
  });

  it('replaces the weights of a layer that is not cut', () => {
    const { operator } = nodeNamed('classes');
    if (operator.kind !== 'dense') expect.unreachable();
    const kernel = { ...operator.weights, data: operator.weights.data.map((value) => 2 * value) };
    const nodes = [withWeights(nodeNamed('classes'), kernel, new Float32Array(5).fill(1))];
    const changed = applyPatch(network, { replacements: [{ node: 'classes', nodes }] });
    expect(validateNetwork(changed)).toEqual([]);
    expect(changed.nodes).toHaveLength(network.nodes.length);
    const [before, after] = [network, changed].map((graph) => runReference(graph, image).get('classes:0')!);
    after!.data.forEach((value, index) => {
      const own = before!.data[index]! - (operator.bias?.[index] ?? 0);
      expect(value).toBeCloseTo(2 * own + 1, 4);
    });
  });

  it('refuses a kernel of another shape and a node that is no layer', () => {
    const kernel = { shape: [2, 2], data: new Float32Array(4) };
    expect(() => withWeights(nodeNamed('classes'), kernel, new Float32Array(5))).toThrow(/expected a kernel/);
    const relu = network.nodes.find(({ name }) => name === 'hiddenRelu')!;
    expect(() => withWeights(relu, kernel, null)).toThrow(/found activation/);
  });
});
