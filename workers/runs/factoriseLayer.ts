import { factoriseLayer, type LayerFactors } from '../../src/network/factors';
import { fail } from '../../src/network/failure';
import { factoriseLayerKind } from '../protocol/factorise';
import { defineRun } from './run';

/** There is a singular value for every rank. */
const fullRankOf = ({ singularValues }: LayerFactors) => singularValues.length;

/** Factorises one layer and keeps the factors. */
export const factoriseLayerRun = defineRun(factoriseLayerKind, (context, task, tools) => {
  const { network, layer, factorisation, rank, isEstimated = false } = task;
  const known = context.knownFactors(network, layer, factorisation);
  const isEnough = (own: LayerFactors) =>
    own.rank >= (rank ?? fullRankOf(own)) || (isEstimated && own.asked !== undefined);
  if (known && isEnough(known)) return known;
  const node = context.original(network).nodes.find((candidate) => candidate.name === layer);
  if (!node)
    return fail(
      'invalid-request',
      `${layer}: expected a layer of the network, found none of this name; see the layers' list.`,
    );
  const factors = factoriseLayer(node, factorisation, rank, {
    onValues: (values) => tools.onEvent(values),
    isEstimated,
  });
  context.put({ kind: 'factors', network, factors: [factors] });
  return factors;
});
