import { meanDivergence } from '../../answers/divergence';
import { evaluate } from '../../engine/evaluate';
import { createExecutor } from '../../engine/executor';
import { centredRgb, noiseImages } from '../../engine/testing/images';
import { factoriseLayer, type LayerFactors } from '../../network/factors';
import type { Network } from '../../network/graph';
import { defaultFactorisation, requireLayer } from '../../network/layerNodes';
import { smallResidualNetwork } from '../../network/testing/builders';

/** A network with strides, groups, a projection and dense layers. */
export const network = smallResidualNetwork(4);
/** 400 images of noise, half to repair on and half to judge on. */
export const images = noiseImages(400, 12, 12);
export const calibration = Uint32Array.from({ length: 200 }, (_, index) => index);
const others = Uint32Array.from({ length: 200 }, (_, index) => 200 + index);

/** The factors of one of its layers, by the layer's default factorisation. */
export function factorsOf(layer: string): LayerFactors {
  const node = requireLayer(network.nodes.find(({ name }) => name === layer)!);
  return factoriseLayer(node, defaultFactorisation(node.operator));
}

/** Mean divergence, in nats, of a changed network's answers from the network's own, on the images to judge on. */
export async function divergence(changed: Network): Promise<number> {
  const answers = async (of: Network) => {
    const executor = createExecutor(of);
    const predictions = await evaluate(executor, images, centredRgb, { indices: others });
    executor.dispose();
    return predictions;
  };
  return meanDivergence(await answers(network), await answers(changed));
}
