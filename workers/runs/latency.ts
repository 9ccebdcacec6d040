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
  const timed = await timedNetworks[task.runtime](networks);
  try {
    const batches: BatchTimings[] = [];
    let before = 0;
    for (const [index, batchSize] of distinct.entries()) {
      let here = 0;
      const timings = await timed.compare(batchSize, {
        rounds: task.rounds,
        mostRounds: task.mostRounds ?? task.rounds,
        isCancelled: () => isCancelled(),
        onRound: ({ done, total }) => {
          here = done;
          const after = (distinct.length - 1 - index) * task.rounds;
          onProgress({ stage: 'timing', done: before + done, total: before + total + after, unit: 'rounds' });
        },
      });
      before += here;
      batches.push({ batchSize, timings });
    }
    return { runtime: timed.runtime, threads: 1, batches };
  } finally {
    await timed.close();
  }
});
