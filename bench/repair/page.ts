import { repairStep } from '../../src/compression/steps/repair';
import { createStudio } from '../../workers/client';
import type { OnProgress } from '../../workers/protocol/progress';
import { evaluateKind } from '../../workers/protocol/evaluate';
import { factoriseKind } from '../../workers/protocol/factorise';
import { repairKind } from '../../workers/protocol/repair';
import type { NetworkSummary } from '../../workers/protocol/summaries';
import { lowRankRecipe, originalRecipe, withStep, type Recipe } from '../../src/compression/recipe';
import { unwrap } from '../../src/network/failure';
import type { Ranks } from '../../src/network/layers';

/** What one repair took. */
export interface RepairRun {
  readonly seconds: number;
  readonly isRepaired: boolean;
  readonly divergence: { readonly truncated: number; readonly repaired: number };
  /** Times that progress was told. */
  readonly reports: number;
  /** Tensors of each compute thread. */
  readonly tensorsBefore: readonly number[];
  readonly tensorsAfter: readonly number[];
}

/** What became of a repair that was cancelled while it ran. */
export interface CancelledRun {
  readonly code: string | null;
  /** From the cancellation to the answer. */
  readonly answerMilliseconds: number;
  /** From the cancellation until the thread took and finished another task. */
  readonly idleMilliseconds: number;
}

/** What the page does for the benchmark. */
export interface PageBenchmark {
  open(): Promise<{ readonly backend: string; readonly threads: number }>;
  repair(ranks: Ranks, images: number): Promise<RepairRun>;
  /** Cancels a repair a few layers in. */
  cancel(ranks: Ranks, images: number): Promise<CancelledRun>;
}

const preprocessing = { channels: 'rgb' as const, mean: [128], scale: [0.0078125] };
const layersBeforeCancellation = 5;
const never = new AbortController().signal;
const ignore = () => undefined;
const studio = createStudio({
  openWorker: () => new Worker(new URL('./tensors.worker.ts', import.meta.url), { type: 'module' }),
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
function countTensors(): Promise<number[]> {
  const channel = new BroadcastChannel('tensors');
  return new Promise((resolve) => {
    const counts: number[] = [];
    channel.addEventListener('message', ({ data }) => {
      counts.push(data as number);
      if (counts.length < opened.threads) return;
      channel.close();
      resolve(counts.sort((a, b) => a - b));
    });
    channel.postMessage('count');
  });
}

/** The network cut to these ranks, then repaired on the first images. */
function recipeOf(ranks: Ranks, count: number): Recipe {
  const { fingerprint, layers } = opened.network;
  const factorisations = new Map(layers.map(({ name, factorisation }) => [name, factorisation]));
  const draw = { kind: 'run', from: 0, count } as const;
  const step = repairStep({ images: opened.images, draw, preprocessing }, 0);
  return withStep(
    lowRankRecipe(fingerprint, ranks, (layer) => factorisations.get(layer)!),
    step,
  );
}

async function repair(ranks: Ranks, images: number): Promise<RepairRun> {
  const tensorsBefore = await countTensors();
  let reports = 0;
  const start = performance.now();
  const repaired = unwrap(
    await studio.run(never, repairKind, { recipe: recipeOf(ranks, images) }, () => void reports++),
  );
  const seconds = (performance.now() - start) / 1000;
  const { isRepaired, divergence } = repaired;
  return { seconds, isRepaired, divergence, reports, tensorsBefore, tensorsAfter: await countTensors() };
}

async function cancel(ranks: Ranks, images: number): Promise<CancelledRun> {
  const controller = new AbortController();
  let cancelled = 0;
  const onProgress: OnProgress = ({ done }) => {
    if (done < layersBeforeCancellation || controller.signal.aborted) return;
    cancelled = performance.now();
    controller.abort();
  };
  const outcome = await studio.run(
    controller.signal,
    repairKind,
    { recipe: recipeOf(ranks, images) },
    onProgress,
  );
  const answerMilliseconds = performance.now() - cancelled;
  const selection = { images: opened.images, indices: Uint32Array.of(0, 1), preprocessing };
  const probe = { recipe: originalRecipe(opened.network.fingerprint), selection };
  // One batch for each thread, so that the one that repaired has to take its own.
  const probes = Array.from({ length: opened.threads }, () => studio.run(never, evaluateKind, probe, ignore));
  for (const answer of await Promise.all(probes)) unwrap(answer);
  const idleMilliseconds = performance.now() - cancelled;
  return { code: outcome.ok ? null : outcome.failure.code, answerMilliseconds, idleMilliseconds };
}

Object.assign(globalThis, { repairBenchmark: { open, repair, cancel } satisfies PageBenchmark });
