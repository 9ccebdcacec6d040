import { createStudio } from '../../workers/client';
import type { MeasuredPoint, SweepLayer } from '../../src/enc/sweep/points';
import { defaultSweepSettings } from '../../src/enc/sweep/schedule';
import { unwrap } from '../../src/network/failure';
import { factoriseKind } from '../../workers/protocol/factorise';
import type { NetworkSummary } from '../../workers/protocol/summaries';
import { sweepKind } from '../../workers/protocol/sweep';
import { download } from '../pages/download';

/** What one sweep took. */
export interface SweepRun {
  readonly seconds: number;
  readonly points: readonly MeasuredPoint[];
}

/** What runs in the page. */
export interface PageReport {
  readonly backend: string;
  readonly threads: number;
  /** In network order. */
  readonly layers: readonly SweepLayer[];
  readonly factoriseSeconds: number;
}

/** What the page does for the benchmark. */
export interface PageBenchmark {
  /** Opens the network and the images, and factorises the layers. */
  open(): Promise<PageReport>;
  /** Sweeps the layers at positions `from` … `to` − 1 on the first images. */
  sweep(images: number, from: number, to: number, exhaustive: boolean): Promise<SweepRun>;
}

const never = new AbortController().signal;
const ignore = () => undefined;
const studio = createStudio();
let opened: {
  network: string;
  images: string;
  layers: readonly SweepLayer[];
  costs: NetworkSummary['layers'];
};

/** The layers that may be cut, as the studio picks them. */
function layersOf(network: NetworkSummary): SweepLayer[] {
  return network.layers
    .filter(({ kept, keptByDefault }) => kept === null && keptByDefault === null)
    .map(({ name, factorisation, rankMax }) => ({ name, factorisation, rankMax }));
}

async function open(): Promise<PageReport> {
  const { backend, threads } = unwrap(await studio.start('wasm'));
  const network = unwrap(await studio.openNetwork(never, [await download('model.onnx')]));
  const images = unwrap(await studio.openImages(never, [await download('images.bin')]));
  const layers = layersOf(network);
  const wanted = layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
  const start = performance.now();
  unwrap(await studio.run(never, factoriseKind, { network: network.fingerprint, layers: wanted }, ignore));
  const factoriseSeconds = (performance.now() - start) / 1000;
  opened = { network: network.fingerprint, images: images.fingerprint, layers, costs: network.layers };
  return { backend, threads, layers, factoriseSeconds };
}

async function sweep(images: number, from: number, to: number, exhaustive: boolean): Promise<SweepRun> {
  const request = {
    network: opened.network,
    selection: {
      images: opened.images,
      indices: Uint32Array.from({ length: images }, (_, index) => index),
      preprocessing: { channels: 'rgb' as const, mean: [128], scale: [0.0078125] },
    },
    layers: opened.layers.slice(from, to),
    settings: { ...defaultSweepSettings, exhaustive },
    refit: null,
    known: [],
    costs: opened.costs,
    time: null,
  };
  const start = performance.now();
  const points = unwrap(await studio.run(never, sweepKind, request, ignore));
  return { seconds: (performance.now() - start) / 1000, points };
}

Object.assign(globalThis, { sweepBenchmark: { open, sweep } satisfies PageBenchmark });
