import { repairStep } from '../../src/compression/steps/repair';
import type { OnProgress } from '../../workers/protocol/progress';
import { evaluateKind } from '../../workers/protocol/evaluate';
import { repairKind } from '../../workers/protocol/repair';
import { withStep, type Recipe } from '../../src/compression/recipe';
import { unwrap } from '../../src/network/failure';
import type { Ranks } from '../../src/network/layers';
import { WatchedStudio, type Started } from '../pages/watched';

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
  open(): Promise<Started>;
  repair(ranks: Ranks, images: number): Promise<RepairRun>;
  /** Cancels a repair a few layers in. */
  cancel(ranks: Ranks, images: number): Promise<CancelledRun>;
}

const layersBeforeCancellation = 5;
const never = new AbortController().signal;
const ignore = () => undefined;
const watched = new WatchedStudio();
const { studio } = watched;
let started: Started;

async function open(): Promise<Started> {
  started = await watched.open();
  return started;
}

const countTensors = async () => (await watched.memory()).map(({ tensors }) => tensors);

/** The network cut to these ranks, then repaired on the first images. */
const recipeOf = (ranks: Ranks, count: number): Recipe =>
  withStep(watched.cut(ranks), repairStep(watched.first(count), 0));

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
  const { images: set, preprocessing } = watched.first(2);
  const probe = {
    recipe: watched.cut({}),
    selection: { images: set, indices: Uint32Array.of(0, 1), preprocessing },
  };
  // One batch for each thread, so that the one that repaired has to take its own.
  const probes = Array.from({ length: started.threads }, () =>
    studio.run(never, evaluateKind, probe, ignore),
  );
  for (const answer of await Promise.all(probes)) unwrap(answer);
  const idleMilliseconds = performance.now() - cancelled;
  return { code: outcome.ok ? null : outcome.failure.code, answerMilliseconds, idleMilliseconds };
}

Object.assign(globalThis, { repairBenchmark: { open, repair, cancel } satisfies PageBenchmark });
