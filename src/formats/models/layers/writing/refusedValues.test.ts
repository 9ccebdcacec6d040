import { describe, expect, it } from 'vitest';
import type { Network } from '../../../../network/graph';
import { chainOf } from '../../../../network/testing/builders';
import { modelOfNetwork } from '../write';

describe('values that no layer answers', () => {
  const network = chainOf([4, 3, 2], [{ kind: 'flatten', order: 'hwc' }]);

  it('a value that nothing writes', () => {
    const nodes = network.nodes.map((node) => ({ ...node, inputs: ['ghost'] }));
    expect(() => modelOfNetwork({ ...network, nodes }, 'keras')).toThrow(
      'Expected a value of known shape, found "ghost" without; open the network again.',
    );
  });

  it('a constant that the network answers with', () => {
    const value = { shape: [2], data: Float32Array.of(1, 2) };
    const constant = { name: 'c', inputs: [], output: 'c', operator: { kind: 'constant', value } } as const;
    const answering: Network = { ...network, nodes: [...network.nodes, constant], outputs: ['c'] };
    expect(() => modelOfNetwork(answering, 'tfjs')).toThrow(
      'The network: expected values that layers hold, found the constant "c"; write ONNX.',
    );
  });
});
