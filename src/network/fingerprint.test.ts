import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contentDigest } from './contentDigest';
import { fingerprintImages, fingerprintNetwork } from './fingerprint';
import type { Network, Operator } from './graph';
import type { ImageSet } from './images';
import { chainOf, randomDense, seededNumbers, smallResidualNetwork } from './testing/builders';

function withOperator(network: Network, name: string, change: (operator: Operator) => Operator): Network {
  const nodes = network.nodes.map((node) =>
    node.name === name ? { ...node, operator: change(node.operator) } : node,
  );
  return { ...network, nodes };
}

describe('fingerprintNetwork', () => {
  const network = smallResidualNetwork();
  const fingerprint = fingerprintNetwork(network);

  it('is 32 hexadecimal digits, the same for the same numbers in other arrays', () => {
    expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(fingerprintNetwork(smallResidualNetwork())).toBe(fingerprint);
  });

  it('is the SHA-256 that its documentation promises', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const weights = Float32Array.of(1, 2);
    const text =
      '{"input":[2],"nodes":[{"inputs":[0],"name":"dense0","operator":{"bias":null,"kind":"dense","weights":' +
      `{"data":"${contentDigest(weights)}","shape":[2,1]}}}],"outputs":[1]}`;
    const dense: Operator = { kind: 'dense', weights: { shape: [2, 1], data: weights }, bias: null };
    expect(fingerprintNetwork(chainOf([2], [dense]))).toBe(sha256(text).slice(0, 32));
  });

  it('does not depend on value names, metadata, file format or the order of properties', () => {
    const renamed: Network = {
      name: 'other',
      metadata: { author: 'someone' },
      source: { format: 'onnx', opset: 9, batch: 1 },
      outputs: network.outputs.map((value) => `x/${value}`),
      input: { shape: network.input.shape, name: `x/${network.input.name}` },
      nodes: network.nodes.map(({ name, inputs, output, operator }) => ({
        operator: Object.fromEntries(Object.entries(operator).reverse()) as unknown as Operator,
        output: `x/${output}`,
        inputs: inputs.map((value) => `x/${value}`),
        name,
      })),
    };
    expect(fingerprintNetwork(renamed)).toBe(fingerprint);
  });

  const firstWeightNegated = (operator: Operator): Operator => {
    if (operator.kind !== 'dense') return operator;
    const data = operator.weights.data.map((value, index) => (index === 0 ? -value : value));
    return { ...operator, weights: { ...operator.weights, data } };
  };

  it.each([
    ['one weight', withOperator(network, 'classes', firstWeightNegated)],
    ['an attribute', withOperator(network, 'flat', () => ({ kind: 'flatten', order: 'hwc' }))],
    ['a node name', { ...network, nodes: network.nodes.map((node) => ({ ...node, name: `${node.name}'` })) }],
    [
      'the wiring',
      {
        ...network,
        nodes: network.nodes.map((node) =>
          node.name === 'sum' ? { ...node, inputs: ['down:0', 'down:0'] } : node,
        ),
      },
    ],
    ['the outputs', { ...network, outputs: ['classes:0'] }],
    [
      'a missing bias',
      withOperator(network, 'classes', (operator) =>
        operator.kind === 'dense' ? { ...operator, bias: null } : operator,
      ),
    ],
  ])('depends on %s', (_, changed) => {
    expect(fingerprintNetwork(changed)).not.toBe(fingerprint);
  });

  it('tells an infinite attribute from a missing one', () => {
    const clip = (alpha: number) =>
      chainOf(
        [2],
        [randomDense(seededNumbers(1), 2, 2), { kind: 'activation', function: 'elu', alpha, beta: 0 }],
      );
    expect(fingerprintNetwork(clip(Infinity))).not.toBe(fingerprintNetwork(clip(NaN)));
  });
});

describe('fingerprintImages', () => {
  const images: ImageSet = {
    name: 'a.bin',
    count: 2,
    height: 2,
    width: 1,
    channels: 1,
    pixels: Uint8Array.of(1, 2, 3, 4),
    labels: Int32Array.of(0, 1),
    classNames: null,
  };
  const fingerprint = fingerprintImages(images);

  it('does not depend on names', () => {
    expect(fingerprintImages({ ...images, name: 'b.bin', classNames: ['cat', 'dog'] })).toBe(fingerprint);
  });

  it.each([
    ['pixels', { pixels: Uint8Array.of(1, 2, 3, 5) }],
    ['labels', { labels: Int32Array.of(1, 1) }],
    ['missing labels', { labels: null }],
    ['size', { height: 1, width: 2 }],
  ])('depends on %s', (_, change) => {
    expect(fingerprintImages({ ...images, ...change })).not.toBe(fingerprint);
  });
});
