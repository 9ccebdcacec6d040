import { printAnswer } from '../output';
import { Workspace } from '../workspace';
import type { SharedOptions } from './options';
import { ResultsFolder } from './resultsFolder';
import { stoppable } from './stopping';

/** How many units a process found done, and how many it did itself. */
export interface DoneUnits {
  found: number;
  done: number;
}

/** What does a shard of some shared work. */
export type ShardWork = (workspace: Workspace, folder: ResultsFolder, counts: DoneUnits) => Promise<void>;

/**
 * Opens the network and does one shard, until it is done or a signal stops it.
 *
 * @param work counts up as it goes, and fails as cancelled once the workspace's signal is aborted
 */
export async function doShard(
  model: readonly string[],
  options: SharedOptions,
  work: ShardWork,
): Promise<void> {
  const { json, threads, out, shard } = options;
  const counts: DoneUnits = { found: 0, done: 0 };
  await stoppable(
    ({ signal }) =>
      Workspace.with(
        model,
        options,
        async (workspace) => {
          await work(workspace, new ResultsFolder(out), counts);
          const answer = { shard: `${shard.index}/${shard.count}`, out, ...counts };
          printAnswer(json, answer, () => doneText(answer));
        },
        { threads, signal },
      ),
    () => `${counts.done} units were done and lie in ${out}; the same command goes on from there.`,
  );
}

function doneText({
  shard,
  out,
  found,
  done,
}: DoneUnits & { readonly shard: string; readonly out: string }): string {
  if (found + done === 0) return `Shard ${shard} has nothing to do: there are more shards than parts.`;
  return `Shard ${shard}: ${done} units done now, ${found} found done, in ${out}.`;
}
