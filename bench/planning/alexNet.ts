import { readFiles } from '../../cli/inputs';
import { referencePath } from '../../scripts/reference';
import { energyCurve, type Curve } from '../../src/enc/curve';
import { readNetwork } from '../../src/formats/models';
import { createRandom } from '../../src/linalg/random';
import { networkCost, type NetworkCost } from '../../src/network/cost';
import { describeLayers } from '../../src/network/describe';
import type { LayerDescription } from '../../src/network/layers';

/** AlexNet as rank selection sees it. */
export interface AlexNet extends NetworkCost {
  readonly layers: readonly LayerDescription[];
  /** All dense layers, which are most of its weights. */
  readonly included: Readonly<Record<string, true>>;
  readonly curves: ReadonlyMap<string, Curve>;
}

/** Where its file is; null without the reference collection. */
export const alexNetFile = referencePath('models/light_bvlc_alexnet.onnx');

/**
 * AlexNet's layers with seeded spectra: the singular values of weights as large as these take minutes, and which ones
 * they are makes no difference to whether budgets are kept.
 */
export async function readAlexNet(file: string): Promise<AlexNet> {
  const network = await readNetwork(await readFiles([file], 'network'));
  const layers = describeLayers(network);
  const random = createRandom(3);
  const curves = new Map(
    layers.map(({ name, rankFull, rankMax }) => {
      const values = Float64Array.from({ length: rankFull }, () => Math.abs(random.normal()) + 0.05)
        .sort()
        .reverse();
      return [name, energyCurve(name, values, Math.max(1, rankMax))];
    }),
  );
  const dense = layers.filter(({ kind }) => kind === 'dense');
  const included = Object.fromEntries(dense.map(({ name }) => [name, true as const]));
  return { ...networkCost(network), layers, included, curves };
}
