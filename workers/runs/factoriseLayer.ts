import { factoriseLayer } from '../../src/network/factors';
import { fail } from '../../src/network/failure';
import { factoriseLayerKind } from '../protocol/factorise';
import { defineRun } from './run';

/** Factorises one layer and keeps the factors. */
export const factoriseLayerRun = defineRun(factoriseLayerKind, (context, task) => {
  const { network, layer, factorisation } = task;
  const known = context.knownFactors(network, layer);
  if (known?.factorisation === factorisation) return known;
  const node = context.original(network).nodes.find((candidate) => candidate.name === layer);
  if (!node) return fail('invalid-request', `${layer}: the network has no layer of this name.`);
  const factors = factoriseLayer(node, factorisation);
  context.put({ kind: 'factors', network, factors: [factors] });
  return factors;
});
