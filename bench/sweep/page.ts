import { createStudio } from '../../workers/client';
import type { MeasuredPoint, SweepLayer } from '../../src/enc/sweep/points';
import { defaultSweepSettings } from '../../src/enc/sweep/schedule';
import { unwrap } from '../../src/network/failure';
import type { ImagesSummary, NetworkSummary } from '../../workers/protocol/service';

/** What one sweep took. */
export interface SweepRun {
  readonly exhaustive: boolean;
  readonly seconds: number;
  readonly points: readonly MeasuredPoint[];
}

/** What the page tells the benchmark. */
export interface PageReport {
  readonly backend: string;
  readonly threads: number;
  readonly layers: readonly SweepLayer[];
  readonly factoriseSeconds: number;
  readonly runs: readonly SweepRun[];
}

const never = new AbortController().signal;

async function download(name: string): Promise<{ name: string; bytes: Uint8Array }> {
  const response = await fetch(`/data/${name}`);
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}

/** The layers that may be cut, as the studio picks them. */
function layersOf(network: NetworkSummary): SweepLayer[] {
  return network.layers
    .filter(({ kept, keptByDefault }) => kept === null && keptByDefault === null)
    .map(({ name, factorisation, rankMax }) => ({ name, factorisation, rankMax }));
}

async function run(imageCount: number, most: number): Promise<PageReport> {
  const studio = createStudio();
  const { backend, threads } = unwrap(await studio.start('wasm'));
  const network = unwrap(await studio.openNetwork(never, [await download('model.onnx')]));
  const images: ImagesSummary = unwrap(await studio.openImages(never, [await download('images.bin')]));
  const layers = layersOf(network).slice(0, most);
  const wanted = layers.map(({ name, factorisation }) => ({ layer: name, factorisation }));
  const start = performance.now();
  unwrap(
    await studio.factorise(
      never,
      network.fingerprint,
      wanted,
      () => undefined,
      () => undefined,
    ),
  );
  const factoriseSeconds = (performance.now() - start) / 1000;
  const selection = {
    images: images.fingerprint,
    indices: Uint32Array.from({ length: imageCount }, (_, index) => index),
    preprocessing: { channels: 'rgb' as const, mean: [128], scale: [0.0078125] },
  };
  const sweep = async (exhaustive: boolean): Promise<SweepRun> => {
    const settings = { ...defaultSweepSettings, exhaustive };
    const request = { network: network.fingerprint, selection, layers, settings, known: [] };
    const from = performance.now();
    const points = unwrap(
      await studio.sweep(
        never,
        request,
        () => undefined,
        () => undefined,
      ),
    );
    return { exhaustive, seconds: (performance.now() - from) / 1000, points };
  };
  const runs = [await sweep(false), await sweep(true)];
  studio.close();
  return { backend, threads, layers, factoriseSeconds, runs };
}

Object.assign(globalThis, { runSweepBenchmark: run });
