import { mkdirSync, writeFileSync } from 'node:fs';
import { scoreOutput, scoringOperator } from '../../src/network/outputs';
import type { MeasuredPoint } from '../../src/enc/sweep/points';
import { preprocess } from '../../src/engine/preprocess';
import { factoriseLayer } from '../../src/network/factors';
import type { Network, Tensor } from '../../src/network/graph';
import type { ImageSet, Preprocessing } from '../../src/network/images';
import { rewriteNetwork } from '../../src/network/rewrite';

/** One network of the loop: a layer cut to a rank. */
export type Cut = Pick<MeasuredPoint, 'layer' | 'rank' | 'factorisation'>;

/** Writes weights one after the other and answers where they lie. */
class WeightFile {
  readonly #parts: Float32Array[] = [];
  #length = 0;

  place(shape: readonly number[], data: Float32Array): { offset: number; shape: readonly number[] } {
    const offset = this.#length;
    this.#parts.push(data);
    this.#length += data.length;
    return { offset, shape };
  }

  get bytes(): Uint8Array {
    return Buffer.concat(
      this.#parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)),
    );
  }
}

/** Writes a network, its cut forms and the images for bench/sweep_torch.py. */
export function writeTorchInput(
  folder: string,
  network: Network,
  cuts: readonly Cut[],
  images: ImageSet,
  indices: Uint32Array,
  preprocessing: Preprocessing,
): void {
  const weights = new WeightFile();
  const nodesOf = (nodes: Network['nodes']) =>
    nodes.map(({ name, inputs, output, operator }) => ({
      name,
      inputs,
      output,
      operator: Object.fromEntries(
        Object.entries(operator).map(([key, value]: [string, unknown]) => {
          if (value instanceof Float32Array) return [key, weights.place([value.length], value)];
          return [key, isTensor(value) ? weights.place(value.shape, value.data) : value];
        }),
      ),
    }));
  const graph = {
    input: network.input.name,
    output: scoreOutput(network),
    isProbability: scoringOperator(network)?.kind === 'softmax',
    images: [indices.length, ...network.input.shape],
    labels: Array.from(indices, (index) => images.labels![index]),
    nodes: nodesOf(network.nodes),
    cuts: cuts.map((cut) => ({ name: cut.layer, rank: cut.rank, nodes: nodesOf(factorsOf(network, cut)) })),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/graph.json`, JSON.stringify(graph));
  writeFileSync(`${folder}/weights.bin`, weights.bytes);
  const pixels = preprocess(images, indices, preprocessing);
  writeFileSync(`${folder}/images.bin`, new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
}

function factorsOf(network: Network, { layer, rank, factorisation }: Cut): Network['nodes'] {
  const node = network.nodes.find(({ name }) => name === layer)!;
  const factors = factoriseLayer(node, factorisation, rank);
  const original = new Set(network.nodes);
  return rewriteNetwork(network, { [layer]: rank }, () => factors).nodes.filter(
    (part) => !original.has(part),
  );
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'data' in value && 'shape' in value;
}
