import { createRandom } from '../linalg/random';
import type { Network } from '../network/graph';
import { layerNodes, type LayerNode } from '../network/layerNodes';
import type { ImageSet, Preprocessing } from '../network/images';
import { createExecutor, type Pause } from '../engine/executor';
import { pauseUnlessCancelled } from '../engine/yielding';
import { Frontier, type HeldValues } from './activations';
import { calibrationBatches } from './batches';
import { gatherPatches, samplePositions } from './gather';
import type { PatchGeometry } from './geometry';
import { momentsOfRows, requireFinite } from './moments';
import { patchSize, type Moments, type PatchLayout } from './regression/regression';
import type { Rows } from './rows';
import { rowsPerImage } from './walk';

/** A network and the images that it runs on. */
export interface PatchMomentsRequest {
  readonly network: Network;
  readonly images: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly indices: Uint32Array;
  readonly seed: number;
  /** Awaited between steps; throws to stop. Unless given, it only lets messages through. */
  readonly pause?: Pause;
}

/** A layer and how its patches lie. */
export interface SampledLayer {
  readonly node: LayerNode;
  readonly geometry: PatchGeometry;
}

/**
 * Second moments of the patches that layers read, one per group, without targets: layer by layer in network order and
 * with one forward pass over the images altogether.
 *
 * @param layers in network order
 * @throws whatever `pause` throws, and the backend's faults
 */
export async function* patchMoments<Layer extends SampledLayer>(
  request: PatchMomentsRequest,
  layers: readonly Layer[],
): AsyncGenerator<{ readonly layer: Layer; readonly groups: readonly Moments[] }, void, void> {
  const { network, indices, seed } = request;
  const pause = request.pause ?? pauseUnlessCancelled();
  const positions = layerNodes(network).map(({ name }) => name);
  const batches = calibrationBatches(request, indices, false);
  const inputs = batches.map(({ makeInput }) => makeInput);
  const frontier = new Frontier(network.input.name, inputs, batches[0]?.images ?? 0);
  // What lies between two factors would not come to exist by itself.
  const executor = createExecutor(network, { keep: layers.map(({ node }) => node.inputs[0]!) });
  try {
    for (const layer of layers) {
      const { node, geometry } = layer;
      // By the layer's place in the network, so that its samples do not depend on what else is sampled.
      const random = createRandom(seed + positions.indexOf(node.name));
      const perImage = rowsPerImage(layer, indices.length);
      const patches: Float32Array[][] = [];
      for (const [batch, { images }] of batches.entries()) {
        const sampled = samplePositions(random, images, geometry.positions, perImage);
        const input = node.inputs[0]!;
        const take = (values: HeldValues) => patchesOf(geometry, values.get(input)!.data, sampled);
        patches.push(await frontier.advance(executor, batch, node.name, [input], take, pause));
      }
      const groups: Moments[] = [];
      const size = patchSize(geometry.layout);
      for (let group = 0; group < geometry.groups; group++) {
        const rows = patches.map((groups) => rowsOf(groups[group]!, geometry.layout));
        groups.push(requireFinite(node.name, await momentsOfRows(rows, size, 0, pause)));
      }
      yield { layer, groups };
    }
  } finally {
    frontier.dispose();
    executor.dispose();
  }
}

function patchesOf(geometry: PatchGeometry, values: Float32Array, positions: Uint32Array): Float32Array[] {
  return Array.from({ length: geometry.groups }, (_, group) =>
    gatherPatches(geometry, group, values, positions),
  );
}

function rowsOf(patches: Float32Array, layout: PatchLayout): Rows {
  return { count: patches.length / patchSize(layout), patches, targets: new Float32Array(0) };
}
