import { lowRankRecipe, type Recipe, type RepairStep } from '../../compression/recipe';
import type { Preprocessing } from '../../network/images';
import type { Ranks } from '../../network/layers';
import type { NetworkSummary } from '../../../workers/protocol/service';
import type { ImageParts } from './parts';

/** The recipe of a network cut to some ranks, every layer split as its kind is. */
export function recipeOf({ fingerprint, layers }: NetworkSummary, ranks: Ranks): Recipe {
  const factorisations = new Map(layers.map(({ name, factorisation }) => [name, factorisation]));
  return lowRankRecipe(fingerprint, ranks, (layer) => factorisations.get(layer)!);
}

/**
 * Repair on the calibration images, or on the first so many that the seed shuffles to the front.
 *
 * @param seed that the images were split by
 */
export function repairStepOf(
  { calibration, sizes }: ImageParts,
  preprocessing: Preprocessing,
  seed: number,
  most = Infinity,
): RepairStep {
  const draw = { kind: 'shuffled', seed, from: 0, count: Math.min(sizes.calibration, most) } as const;
  return { kind: 'repair', images: { images: calibration.images, draw, preprocessing }, seed };
}
