import { factoriseLayer, type LayerFactors } from '../../src/network/factors';
import { fail } from '../../src/network/failure';
import { factoriseLayerKind } from '../protocol/factorise';
import { defineRun } from './run';

/** There is a singular value for every rank. */
const fullRankOf = ({ singularValues }: LayerFactors) => singularValues.length;

/** Factorises one layer and keeps the factors. */
export const factoriseLayerRun = defineRun(factoriseLayerKind, (context, task, tools) => {
  const { network, layer, factorisation, rank } = task;
  const known = context.knownFactors(network, layer, factorisation);
  if (known && known.rank >= (rank ?? fullRankOf(known))) return known;
  const node = context.original(network).nodes.find((candidate) => candidate.name === layer);
  if (!node)
    return fail(
      'invalid-request',
      `${layer}: expected a layer of the network, found none of this name; see the layers' list.`,
    );
  const factors = factoriseLayer(node, factorisation, rank, (values) => tools.onEvent(values));
  context.put({ kind: 'factors', network, factors: [factors] });
  return factors;
});
