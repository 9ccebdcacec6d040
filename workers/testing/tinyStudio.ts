import { lowRankRecipe, withStep, type Recipe } from '../../src/compression/recipe';
import type { Factorisation } from '../../src/network/layers';
import { defaultSweepSettings } from '../../src/enc/sweep/schedule';
import { writeNetwork } from '../../src/formats/models';
import { unwrap } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { Preprocessing } from '../../src/network/images';
import { seededNumbers } from '../../src/network/testing/builders';
import { factoriseKind } from '../protocol/factorise';
import type { RaceRequest } from '../protocol/race';
import type { ImageSelection } from '../protocol/selection';
import type { Studio } from '../protocol/studio';
import type { SweepRequest } from '../protocol/sweep';

/** A network and images that were opened in a studio, with work on them that takes a moment. */
export interface TinyWork {
  readonly evaluation: { readonly recipe: Recipe; readonly selection: ImageSelection };
  readonly sweep: SweepRequest;
  readonly race: RaceRequest;
  readonly repair: { readonly recipe: Recipe };
}

const never = new AbortController().signal;
const ignore = () => undefined;
const preprocessing: Preprocessing = { channels: 'rgb', mean: [128], scale: [1 / 128] };

/** Random bytes in the layout of NumPy's arrays: count × height × width × 3. */
export function randomPictures(count: number, height: number, width: number) {
  const numbers = seededNumbers(4);
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${count}, ${height}, ${width}, 3), }`;
  const padded = header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11) + '\n';
  const magic = [0x93, ...Array.from('NUMPY', (letter) => letter.charCodeAt(0)), 1, 0];
  const text = Array.from(padded, (letter) => letter.charCodeAt(0));
  const pixels = Array.from({ length: count * height * width * 3 }, () => numbers.whole(0, 255));
  const bytes = [...magic, padded.length % 256, Math.floor(padded.length / 256), ...text, ...pixels];
  return { name: 'random.npy', bytes: Uint8Array.from(bytes) };
}

/** Opens a network with random images in a studio that has started, and factorises its first layers. */
export async function openTinyWork(studio: Studio, network: Network, images: number): Promise<TinyWork> {
  const [height = 1, width = 1] = network.input.shape;
  const summary = unwrap(await studio.openNetwork(never, await writeNetwork(network, 'onnx')));
  const opened = unwrap(await studio.openImages(never, [randomPictures(images, height, width)]));
  const { fingerprint } = summary;
  const layers = summary.layers.filter(({ kept }) => kept === null).slice(0, 4);
  const wanted = layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
  unwrap(await studio.run(never, factoriseKind, { network: fingerprint, layers: wanted }, ignore));
  const kinds = new Map<string, Factorisation>(
    wanted.map(({ layer, factorisation }) => [layer, factorisation]),
  );
  const cutTo = (share: number) => {
    const ranks = layers.map(({ name, rankMax }) => [name, Math.max(1, Math.round(share * rankMax))]);
    return lowRankRecipe(fingerprint, Object.fromEntries(ranks), (layer) => kinds.get(layer)!);
  };
  const indices = Uint32Array.from({ length: images }, (_, index) => images - 1 - index);
  const selection = { images: opened.fingerprint, indices, preprocessing };
  const all = { images: opened.fingerprint, draw: { kind: 'all' }, preprocessing } as const;
  return {
    evaluation: { recipe: cutTo(0.5), selection },
    sweep: {
      network: fingerprint,
      selection,
      layers: layers.map(({ name, factorisation, rankMax }) => ({ name, factorisation, rankMax })),
      settings: { ...defaultSweepSettings, ranksPerLayer: 4, firstImages: 8, exhaustive: true },
      refit: { kind: 'refit', images: all, settings: {}, seed: 5 },
      known: [],
      costs: summary.layers,
      time: null,
    },
    race: {
      network: fingerprint,
      candidates: [0.9, 0.6, 0.3, 0.1].map((share) => ({ recipe: cutTo(share), isSeeded: true })),
      ...selection,
      answers: new Int32Array(images),
      firstBatch: 4,
      known: new Map(),
    },
    repair: { recipe: withStep(cutTo(0.4), { kind: 'repair', images: all, settings: {}, seed: 3 }) },
  };
}
