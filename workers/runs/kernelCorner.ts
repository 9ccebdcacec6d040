import { fail } from '../../src/network/failure';
import { kernelCorner } from '../../src/network/kernelCorner';
import { kernelCornerKind } from '../protocol/kernelCorner';
import { defineRun } from './run';

/** Cuts a corner out of a layer's kernel and its factors. */
export const kernelCornerRun = defineRun(
  kernelCornerKind,
  (context, { network, layer, factorisation, most }) => {
    const node = context.original(network).nodes.find(({ name }) => name === layer);
    if (!node)
      return fail(
        'invalid-request',
        `${layer}: expected a layer of the network, found none of this name; see the layers' list.`,
      );
    return kernelCorner(node, context.factors(network, layer, factorisation), most);
  },
  { isMoved: true },
);
