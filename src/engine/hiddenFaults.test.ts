import { describe, expect, test } from 'vitest';
import { describeLayers } from '../network/describe';
import { factoriseLayer } from '../network/factors';
import type { Network, Operator } from '../network/graph';
import { rewriteNetwork } from '../network/rewrite';
import { activation, smallResidualNetwork } from '../network/testing/builders';
import { isSuspectPlan } from './hiddenFaults';

/** All layers that can be cut, at half of their ranks. */
function halved(network: Network): Network {
  const layers = describeLayers(network).filter(({ kept }) => kept === null);
  const ranks = Object.fromEntries(layers.map(({ name, rankMax }) => [name, Math.ceil(rankMax / 2)]));
  return rewriteNetwork(network, ranks, (name) => {
    const node = network.nodes.find((one) => one.name === name)!;
    return factoriseLayer(node, layers.find((layer) => layer.name === name)!.factorisation);
  });
}

function changed(name: string, change: (operator: Operator) => Operator): Network {
  const network = smallResidualNetwork(3);
  const nodes = network.nodes.map((node) =>
    node.name === name ? { ...node, operator: change(node.operator) } : node,
  );
  return { ...network, nodes };
}

const scaled = (scale: number) =>
  changed('down', (operator) => {
    if (operator.kind !== 'conv2d') throw new Error('expected a convolution');
    const data = operator.kernel.data.map((value) => value * scale);
    return { ...operator, kernel: { ...operator.kernel, data } };
  });

describe('a network with several layers cut', () => {
  test('is not looked at value by value where nothing suggests it, whatever the number of its layers', () => {
    const network = smallResidualNetwork(3);
    expect(isSuspectPlan(halved(network), network, 100)).toBe(false);
    expect(isSuspectPlan(network, network, 1e9)).toBe(false);
  });

  test.each<[string, Network, given: number]>([
    ['takes a logarithm', changed('sumRelu', () => activation('log')), 1],
    ['divides', changed('sum', () => ({ kind: 'elementwise', function: 'divide' })), 1],
    ['has weights far beyond those of others', scaled(1e16), 1],
    ['has weights and values that are great together', scaled(1e8), 1e8],
    ['has values that were great before', smallResidualNetwork(3), 1e16],
    ['has values that were none before', smallResidualNetwork(3), Infinity],
  ])('is looked at where it %s', (_, network, given) => {
    expect(isSuspectPlan(halved(network), network, given)).toBe(true);
  });
});
