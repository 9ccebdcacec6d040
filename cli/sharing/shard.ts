import { fail } from '../../src/network/failure';

/** One of several equal parts of the work: the `index`-th of `count`, counted from 1. */
export interface ShardIndex {
  readonly index: number;
  readonly count: number;
}

/** All of the work. */
export const wholeShard: ShardIndex = { index: 1, count: 1 };

type Environment = Readonly<Record<string, string | undefined>>;

/** How a scheduler tells a process which part is its own; null where it does not run under it. */
interface Scheduler {
  readonly id: string;
  shardOf(env: Environment, count: number | null): ShardIndex | null;
}

const slurm: Scheduler = {
  id: 'SLURM_ARRAY_TASK_ID',
  shardOf(env, count) {
    const id = wholeNumber(env, 'SLURM_ARRAY_TASK_ID');
    if (id === null) return null;
    // With a count of its own, an array may name only some of the shards: --array=3,7 of 16.
    if (count !== null) return { index: id, count };
    const min = wholeNumber(env, 'SLURM_ARRAY_TASK_MIN') ?? 1;
    const step = wholeNumber(env, 'SLURM_ARRAY_TASK_STEP') ?? 1;
    const tasks = wholeNumber(env, 'SLURM_ARRAY_TASK_COUNT') ?? missing(this.id, 'SLURM_ARRAY_TASK_COUNT');
    return { index: (id - min) / Math.max(1, step) + 1, count: tasks };
  },
};

const kubernetes: Scheduler = {
  id: 'JOB_COMPLETION_INDEX',
  shardOf(env, count) {
    const index = wholeNumber(env, 'JOB_COMPLETION_INDEX');
    if (index === null) return null;
    return { index: index + 1, count: count ?? missing(this.id, '--shards with the number of completions') };
  },
};

const bazel: Scheduler = {
  id: 'TEST_SHARD_INDEX',
  shardOf(env, count) {
    const index = wholeNumber(env, 'TEST_SHARD_INDEX');
    if (index === null) return null;
    return {
      index: index + 1,
      count: count ?? wholeNumber(env, 'TEST_TOTAL_SHARDS') ?? missing(this.id, 'TEST_TOTAL_SHARDS'),
    };
  },
};

const schedulers = [slurm, kubernetes, bazel];

/**
 * Which part of the work is this process's own: as `--shard` says, else as the scheduler's environment does, else
 * all of it.
 *
 * @param text of `--shard`, `i/n`
 * @param count of `--shards`
 * @throws FailureError `invalid-request` where it is none, or there is no such part
 */
export function shardOf(
  text: string | null,
  count: number | null,
  env: Environment = process.env,
): ShardIndex {
  if (text !== null) return checked(parseShard(text), '--shard');
  for (const scheduler of schedulers) {
    const shard = scheduler.shardOf(env, count);
    if (shard) return checked(shard, scheduler.id);
  }
  if (count === null || count === 1) return wholeShard;
  return fail(
    'invalid-request',
    `--shards ${count}: expected --shard i/${count}, or a scheduler that sets ${schedulers.map(({ id }) => id).join(', ')}, found neither; give --shard.`,
  );
}

function parseShard(text: string): ShardIndex {
  const found = /^(\d+)\/(\d+)$/.exec(text.trim());
  if (!found)
    return fail(
      'invalid-request',
      `--shard: expected i/n, such as 3/16, found "${text}"; write the shard and how many there are.`,
    );
  return { index: Number(found[1]), count: Number(found[2]) };
}

function checked(shard: ShardIndex, source: string): ShardIndex {
  const { index, count } = shard;
  if (Number.isInteger(index) && index >= 1 && index <= count && Number.isSafeInteger(count)) return shard;
  return fail(
    'invalid-request',
    `${source}: expected a shard from 1 to ${count}, found ${index}; count shards from 1.`,
  );
}

function wholeNumber(env: Environment, name: string): number | null {
  const text = env[name];
  if (text === undefined || text === '') return null;
  if (/^\d+$/.test(text)) return Number(text);
  return fail(
    'invalid-request',
    `${name}: expected a whole number, found "${text}"; give one without a fraction.`,
  );
}

function missing(source: string, what: string): never {
  return fail(
    'invalid-request',
    `${source}: expected ${what} beside it, found none; set both, or give --shard.`,
  );
}
