import { lowRankRecipe, withStep, type Recipe } from '../../src/compression/recipe';
import { distilStep, type DistilSettings } from '../../src/compression/steps/distil';
import { unwrap } from '../../src/network/failure';
import type { Ranks } from '../../src/network/layers';
import { createStudio } from '../../workers/client';
import { distilKind } from '../../workers/protocol/distil';
import { factoriseKind } from '../../workers/protocol/factorise';
import type { NetworkSummary } from '../../workers/protocol/summaries';

/** What one compute thread holds. */
export interface ThreadMemory {
  readonly tensors: number;
  /** Bytes of WebAssembly's memory, which only grows. */
  readonly heap: number;
}

/** What the page does for the benchmark. */
export interface PageBenchmark {
  open(): Promise<{ readonly backend: string; readonly threads: number }>;
  /** Distils a cut network and answers the milliseconds between reports of batches, by epoch. */
  distil(
    ranks: Ranks,
    images: number,
    settings: Partial<DistilSettings>,
    seed: number,
  ): Promise<readonly (readonly number[])[]>;
  memory(): Promise<readonly ThreadMemory[]>;
}

const preprocessing = { channels: 'rgb' as const, mean: [128], scale: [0.0078125] };
const never = new AbortController().signal;
const ignore = () => undefined;
const studio = createStudio({
  openWorker: () => new Worker(new URL('./memory.worker.ts', import.meta.url), { type: 'module' }),
});
let opened: { network: NetworkSummary; images: string; threads: number };

async function download(name: string): Promise<{ name: string; bytes: Uint8Array }> {
  const response = await fetch(`/data/${name}`);
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}

async function open(): Promise<{ backend: string; threads: number }> {
  const { backend, threads } = unwrap(await studio.start('wasm'));
  const network = unwrap(await studio.openNetwork(never, [await download('model.onnx')]));
  const images = unwrap(await studio.openImages(never, [await download('images.bin')]));
  const layers = network.layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
  unwrap(await studio.run(never, factoriseKind, { network: network.fingerprint, layers }, ignore));
  opened = { network, images: images.fingerprint, threads };
  return { backend, threads };
}

/** Asks every compute thread. */
function memory(): Promise<readonly ThreadMemory[]> {
  const channel = new BroadcastChannel('memory');
  return new Promise((resolve) => {
    const told: ThreadMemory[] = [];
    channel.addEventListener('message', ({ data }) => {
      told.push(data as ThreadMemory);
      if (told.length < opened.threads) return;
      channel.close();
      resolve(told.sort((a, b) => a.tensors - b.tensors || a.heap - b.heap));
    });
    channel.postMessage('count');
  });
}

function recipeOf(ranks: Ranks, count: number, settings: Partial<DistilSettings>, seed: number): Recipe {
  const { fingerprint, layers } = opened.network;
  const factorisations = new Map(layers.map(({ name, factorisation }) => [name, factorisation]));
  const draw = { kind: 'run', from: 0, count } as const;
  const cut = lowRankRecipe(fingerprint, ranks, (layer) => factorisations.get(layer)!);
  return withStep(cut, distilStep({ images: opened.images, draw, preprocessing }, seed, settings));
}

async function distil(...[ranks, images, settings, seed]: Parameters<PageBenchmark['distil']>) {
  const epochs: number[][] = [];
  let times: number[] = [];
  const recipe = recipeOf(ranks, images, settings, seed);
  unwrap(
    await studio.run(
      never,
      distilKind,
      { recipe },
      () => void times.push(performance.now()),
      () => {
        epochs.push(times.slice(1).map((time, at) => time - times[at]!));
        times = [];
      },
    ),
  );
  return epochs.slice(1);
}

Object.assign(globalThis, { distilBenchmark: { open, distil, memory } satisfies PageBenchmark });
