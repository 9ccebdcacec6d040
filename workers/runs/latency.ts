import { evaluationBatchSize } from '../../src/engine/batchSize';
import { latencyKind, type BatchTimings } from '../protocol/latency';
import { timedNetworks } from '../service/timedNetworks';
import { defineRun } from './run';

/** Times networks against each other. */
export const latencyRun = defineRun(latencyKind, async (context, task, { onProgress, isCancelled }) => {
  const networks = task.recipes.map((recipe) => context.network(recipe));
  const sizes = task.batches.map((size) =>
    size === 'evaluation' ? evaluationBatchSize(networks[0]!) : size,
  );
  const distinct = [...new Set(sizes)];
  const total = distinct.length * task.rounds;
  const timed = await timedNetworks[task.runtime](networks);
  try {
    const batches: BatchTimings[] = [];
    for (const [index, batchSize] of distinct.entries()) {
      const before = index * task.rounds;
      const timings = await timed.compare(batchSize, {
        rounds: task.rounds,
        isCancelled: () => isCancelled(),
        onRound: ({ done }) => onProgress({ stage: 'timing', done: before + done, total, unit: 'rounds' }),
      });
      batches.push({ batchSize, timings });
    }
    return { runtime: timed.runtime, threads: 1, batches };
  } finally {
    await timed.close();
  }
});
