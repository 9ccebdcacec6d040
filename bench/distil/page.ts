import { withStep } from '../../src/compression/recipe';
import { distilStep, type DistilSettings } from '../../src/compression/steps/distil';
import { unwrap } from '../../src/network/failure';
import type { Ranks } from '../../src/network/layers';
import { WatchedStudio, type Started, type ThreadMemory } from '../pages/watched';
import { distilKind } from '../../workers/protocol/distil';

/** What the page does for the benchmark. */
export interface PageBenchmark {
  open(): Promise<Started>;
  /** Distils a cut network and answers the milliseconds between reports of batches, by epoch. */
  distil(
    ranks: Ranks,
    images: number,
    settings: Partial<DistilSettings>,
    seed: number,
  ): Promise<readonly (readonly number[])[]>;
  memory(): Promise<readonly ThreadMemory[]>;
}

const never = new AbortController().signal;
const watched = new WatchedStudio();
const open = () => watched.open();
const memory = () => watched.memory();

async function distil(...[ranks, images, settings, seed]: Parameters<PageBenchmark['distil']>) {
  const epochs: number[][] = [];
  let times: number[] = [];
  const recipe = withStep(watched.cut(ranks), distilStep(watched.first(images), seed, settings));
  unwrap(
    await watched.studio.run(
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
