import type { Network } from '../network/graph';
import { lanes } from './convolution';
import { groupNodes, type NodeGroup } from './fusion';
import { isOwnCode } from './operators/conv2d';

/**
 * Tells, for the first of a layer's two factors, what its rank is filled up to a multiple of when it is computed: whole
 * vectors where both factors are one step of our own code, else 1.
 */
export function rankLanes(network: Network): (factor: string) => number {
  const filled = new Set(
    groupNodes(network)
      .filter(isOwnPair)
      .flatMap(({ nodes }) => nodes.map(({ name }) => name)),
  );
  return (factor) => (filled.has(factor) ? lanes : 1);
}

function isOwnPair({ first, head, norm, activation, shape }: NodeGroup): boolean {
  const { operator } = head;
  return (
    first !== null &&
    operator.kind === 'conv2d' &&
    isOwnCode({ first, last: operator, norm, activation, shape })
  );
}
