import { joinedScores } from '../../src/answers/scores';
import { evaluateKind, type Answers } from '../protocol/evaluate';
import { chunksOf, type Chunk } from './chunks';
import { defineJob } from './job';

/** Runs a network on chunks of the images, each on the next free thread. */
export const evaluateJob = defineJob(evaluateKind, async (pool, task, { onProgress }) => {
  const { selection } = task;
  const { indices } = selection;
  // The same one in every chunk, so that the number of threads decides nothing.
  const witness = task.witness ?? indices[0];
  const done = new Map<Chunk, number>();
  const runChunk = (chunk: Chunk) => {
    const own = { ...selection, indices: indices.slice(chunk.from, chunk.to) };
    return pool.unit(
      evaluateKind,
      { ...task, witness, selection: own },
      {
        onProgress: (progress) => {
          done.set(chunk, progress.done);
          const sum = [...done.values()].reduce((total, images) => total + images, 0);
          onProgress({ stage: 'evaluating', done: sum, total: indices.length, unit: 'images' });
        },
      },
    );
  };
  return joined(await Promise.all(chunksOf(indices.length, pool.threads).map(runChunk)));
});

function joined(parts: readonly Answers[]): Answers {
  return { ...joinedScores(parts), images: parts.reduce((sum, part) => sum + part.images, 0) };
}
