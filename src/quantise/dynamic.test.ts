import { expect, it } from 'vitest';
import type { Network } from '../network/graph';
import { layerNodes } from '../network/layerNodes';
import { withWeights } from '../network/layerWeights';
import { applyPatch } from '../network/patch';
import { kernelOf } from '../network/sharing';
import { asHalves, asSigned } from '../network/stored';
import { smallResidualNetwork } from '../network/testing/builders';
import { referenceScores } from '../network/testing/referenceExecutor';
import { assertComputable } from '../network/validate';
import { withDynamicRounding, withoutDynamicRounding } from './dynamic';

/** The small network with int8 weights everywhere but in one layer. */
function mostlySigned(): Network {
  const network = smallResidualNetwork(3);
  const layers = new Map(layerNodes(network).map((node) => [node.name, node]));
  const nodes = network.nodes.map((node) => {
    const layer = layers.get(node.name);
    if (!layer) return node;
    const kernel = kernelOf(layer);
    return withWeights(
      layer,
      node.name === 'hidden' ? asHalves(kernel)! : asSigned(kernel),
      layer.operator.bias,
    );
  });
  return { ...network, nodes };
}

const input = Float32Array.from({ length: 432 }, (_, index) => Math.sin(index));

it('goes before every layer with weights in int8, once, and goes away again', () => {
  const network = mostlySigned();
  const rounded = applyPatch(network, withDynamicRounding(network));
  assertComputable(rounded);
  const found = rounded.nodes.flatMap(({ name, operator }) =>
    operator.kind === 'dynamicQuantise' ? [[name, operator.per]] : [],
  );
  expect(found).toEqual([
    ['stem/round', 'image'],
    ['down/round', 'image'],
    // 1×1, but every second pixel.
    ['project/round', 'image'],
    ['grouped/round', 'image'],
    ['depthwise/round', 'image'],
    ['classes/round', 'row'],
  ]);
  expect(withDynamicRounding(rounded).replacements).toEqual([]);
  const [before, after] = [network, rounded].map((own) => referenceScores(own, input).data);
  expect(after).not.toEqual(before);
  expect(referenceScores(applyPatch(rounded, withoutDynamicRounding(rounded)), input).data).toEqual(before);
});
