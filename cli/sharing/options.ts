import type { Command } from 'commander';
import { fail } from '../../src/network/failure';
import type { CommonOptions } from '../commonOptions';
import { parseCount } from '../inputs';
import type { RawOptions } from '../options';
import { calledWith } from './commandLine';
import { shardOf, type ShardIndex } from './shard';

/** What every command that does a part of shared work is given. */
export interface SharedOptions extends CommonOptions {
  /** Threads to compute on; null takes one per core. */
  readonly threads: number | null;
  readonly shard: ShardIndex;
  /** The folder that results are put into. */
  readonly out: string;
  /** The words that call the command for what is left of the work. */
  readonly command: readonly string[];
}

const shardHelp = `
--shard is read from the scheduler where it is left out: SLURM_ARRAY_TASK_ID with _MIN and _COUNT, JOB_COMPLETION_INDEX
(with --shards beside it), TEST_SHARD_INDEX with TEST_TOTAL_SHARDS. What is done lies in --out as one file a unit of
work and is skipped, by any shard. SIGTERM and SIGINT end the process with status 75: run the same command again.`;

/** Adds which part of the work is to be done. */
export function withShard(command: Command): Command {
  return command
    .option('--shard <i/n>', 'do the i-th of n parts, counted from 1')
    .option('--shards <n>', 'how many parts there are, where the scheduler says only which one')
    .option('--threads <n>', 'threads to compute on; the default is SLURM_CPUS_PER_TASK, else one per core')
    .addHelpText('after', shardHelp);
}

/** Whether a part was asked for, where a command does all of the work otherwise. */
export function isShared({ shard, shards }: RawOptions): boolean {
  return shard !== undefined || shards !== undefined;
}

/** @throws FailureError `invalid-request` where the options or the scheduler's environment name no part */
export function sharedOf(
  raw: RawOptions,
  command: Command,
): Pick<SharedOptions, 'shard' | 'threads' | 'out' | 'command'> {
  const count = raw.shards === undefined ? null : parseCount('--shards', raw.shards);
  return {
    shard: shardOf(raw.shard ?? null, count),
    threads: threadsOf(raw),
    out: outOf(raw, command),
    command: calledWith(command, ['shard', 'shards', 'threads', 'out', 'json', 'plan']),
  };
}

/** Where nothing is done but planned, no folder is needed. */
function outOf({ out, plan }: RawOptions, command: Command): string {
  if (out !== undefined || plan !== undefined) return out ?? '';
  return fail(
    'invalid-request',
    `enc ${command.name()}: expected --out with a folder for results, found none; name one.`,
  );
}

function threadsOf({ threads }: RawOptions): number | null {
  if (threads !== undefined) return parseCount('--threads', threads);
  const { SLURM_CPUS_PER_TASK: given } = process.env;
  return given === undefined || given === '' ? null : parseCount('SLURM_CPUS_PER_TASK', given);
}
