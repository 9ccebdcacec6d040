import * as tf from '@tensorflow/tfjs-core';
import type { Executor } from './executor';
import { noiseInputs, takeTurns, type TurnOptions } from './latency';
import { readBack } from './readback';

/** What a network takes and each of its steps within it. */
export interface StepTimes {
  /** Milliseconds of one run. */
  readonly total: number;
  /** Of each of the executor's steps, in their order. */
  readonly steps: readonly number[];
}

/**
 * Times the steps of networks as they run in them, the networks in turns as `compareLatency` has it. What a step finds
 * in the processor's caches is what the steps before it left there, which by itself it would not be. Of each network
 * the faster half of its runs counts, as a mean: whatever else the machine did meanwhile made the others slow, and the
 * steps still add up to the whole, however coarse the clock.
 *
 * Says something only where {@link canTimeSteps}.
 *
 * @param batchSize images per run
 * @throws FailureError 'cancelled' and the backend's faults
 */
export async function compareSteps(
  executors: readonly Executor[],
  batchSize: number,
  options: TurnOptions,
): Promise<readonly StepTimes[]> {
  const { clock = () => performance.now() } = options;
  const inputs = noiseInputs(executors, batchSize);
  const found = executors.map((): StepTimes[] => []);
  const runs = executors.map((executor, index) => async () => {
    found[index]!.push(await watchedRun(executor, inputs[index]!, clock));
  });
  const warm = new Set<number>();
  try {
    await takeTurns(runs, options, {
      turn: async (index, run) => {
        if (!warm.has(index)) found[index]!.length = 0;
        warm.add(index);
        await run();
      },
    });
  } finally {
    tf.dispose([...inputs]);
  }
  return found.map(meanOfFasterHalf);
}

/** Whether a step's work is done when its call returns: on WebAssembly and in plain JavaScript, not on WebGPU. */
export function canTimeSteps(): boolean {
  return tf.getBackend() !== 'webgpu';
}

async function watchedRun(executor: Executor, input: tf.Tensor, clock: () => number): Promise<StepTimes> {
  const steps = new Array<number>(executor.steps.length).fill(0);
  const start = clock();
  let before = start;
  const output = executor.runWatched(input, (step) => {
    const now = clock();
    steps[step] = now - before;
    before = now;
  });
  try {
    await readBack(output);
  } finally {
    output.dispose();
  }
  return { total: clock() - start, steps };
}

function meanOfFasterHalf(runs: readonly StepTimes[]): StepTimes {
  const faster = runs.toSorted((a, b) => a.total - b.total).slice(0, Math.ceil(runs.length / 2));
  const mean = (value: (run: StepTimes) => number) =>
    faster.reduce((sum, run) => sum + value(run), 0) / faster.length;
  return {
    total: mean(({ total }) => total),
    steps: runs[0]!.steps.map((_, step) => mean(({ steps }) => steps[step]!)),
  };
}
