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

/** Nodes with the places of their weights instead of the weights. */
function placed(nodes: Network['nodes'], weights: WeightFile): object[] {
  return nodes.map(({ name, inputs, output, operator }) => ({
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
}

function write(folder: string, graph: object, weights: WeightFile, pixels: Float32Array): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/graph.json`, JSON.stringify(graph));
  writeFileSync(`${folder}/weights.bin`, weights.bytes);
  writeFileSync(`${folder}/images.bin`, new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
}

/**
 * Writes networks of the same input for `speed.py`.
 *
 * @param pixels images × height × width × channels, as the networks read them
 */
export function writeTorchNetworks(
  folder: string,
  networks: readonly Network[],
  pixels: Float32Array,
  images: number,
): void {
  const weights = new WeightFile();
  const [network] = networks;
  const graph = {
    input: network!.input.name,
    output: scoreOutput(network!),
    images: [images, ...network!.input.shape],
    networks: networks.map(({ nodes }) => placed(nodes, weights)),
  };
  write(folder, graph, weights, pixels);
}

/** Writes a network, its cut forms and the images for `sweep.py`. */
export function writeTorchInput(
  folder: string,
  network: Network,
  cuts: readonly Cut[],
  images: ImageSet,
  indices: Uint32Array,
  preprocessing: Preprocessing,
): void {
  const weights = new WeightFile();
  const graph = {
    input: network.input.name,
    output: scoreOutput(network),
    isProbability: scoringOperator(network)?.kind === 'softmax',
    images: [indices.length, ...network.input.shape],
    labels: Array.from(indices, (index) => images.labels![index]),
    nodes: placed(network.nodes, weights),
    cuts: cuts.map((cut) => ({
      name: cut.layer,
      rank: cut.rank,
      nodes: placed(factorsOf(network, cut), weights),
    })),
  };
  write(folder, graph, weights, preprocess(images, indices, preprocessing));
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
