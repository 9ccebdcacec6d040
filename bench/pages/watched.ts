import { lowRankRecipe, type Recipe } from '../../src/compression/recipe';
import type { DrawnImages } from '../../src/compression/draw';
import { unwrap } from '../../src/network/failure';
import type { Ranks } from '../../src/network/layers';
import { createStudio } from '../../workers/client';
import { factoriseKind } from '../../workers/protocol/factorise';
import type { Studio } from '../../workers/protocol/studio';
import type { NetworkSummary } from '../../workers/protocol/summaries';
import { download } from './download';

/** What one compute thread holds. */
export interface ThreadMemory {
  readonly tensors: number;
  /** Bytes of WebAssembly's memory, which only grows. */
  readonly heap: number;
}

/** What the studio runs on. */
export interface Started {
  readonly backend: string;
  readonly threads: number;
}

const preprocessing = { channels: 'rgb' as const, mean: [128], scale: [0.0078125] };
const never = new AbortController().signal;
const ignore = () => undefined;

/** A studio on WebAssembly whose threads tell what they hold, with `model.onnx` factorised and `images.bin` open. */
export class WatchedStudio {
  readonly studio: Studio = createStudio({
    openWorker: () => new Worker(new URL('./memory.worker.ts', import.meta.url), { type: 'module' }),
  });
  #opened: { network: NetworkSummary; images: string; threads: number } | null = null;

  async open(): Promise<Started> {
    const { studio } = this;
    const { backend, threads } = unwrap(await studio.start('wasm'));
    const network = unwrap(await studio.openNetwork(never, [await download('model.onnx')]));
    const images = unwrap(await studio.openImages(never, [await download('images.bin')]));
    const layers = network.layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
    unwrap(await studio.run(never, factoriseKind, { network: network.fingerprint, layers }, ignore));
    this.#opened = { network, images: images.fingerprint, threads };
    return { backend, threads };
  }

  /** The network cut to these ranks. */
  cut(ranks: Ranks): Recipe {
    const { fingerprint, layers } = this.#opened!.network;
    const factorisations = new Map(layers.map(({ name, factorisation }) => [name, factorisation]));
    return lowRankRecipe(fingerprint, ranks, (layer) => factorisations.get(layer)!);
  }

  /** The first images. */
  first(count: number): DrawnImages {
    return { images: this.#opened!.images, draw: { kind: 'run', from: 0, count }, preprocessing };
  }

  /** Asks every compute thread; those that hold least first. */
  memory(): Promise<readonly ThreadMemory[]> {
    const { threads } = this.#opened!;
    const channel = new BroadcastChannel('memory');
    return new Promise((resolve) => {
      const told: ThreadMemory[] = [];
      channel.addEventListener('message', ({ data }) => {
        told.push(data as ThreadMemory);
        if (told.length < threads) return;
        channel.close();
        resolve(told.sort((a, b) => a.tensors - b.tensors || a.heap - b.heap));
      });
      channel.postMessage('count');
    });
  }
}
