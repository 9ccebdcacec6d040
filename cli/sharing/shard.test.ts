import { describe, expect, test } from 'vitest';
import { shardOf } from './shard';

describe('the shard', () => {
  test.each<[string, string | null, number | null, Record<string, string>, number, number]>([
    ['as --shard says', '3/16', null, { SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_COUNT: '12' }, 3, 16],
    ['all, without anything', null, null, {}, 1, 1],
    ['of an array from 0', null, null, array(5, 0, 8), 6, 8],
    ['of an array from 1', null, null, array(1, 1, 8), 1, 8],
    ['of an array from 10 by 10', null, null, { ...array(30, 10, 4), SLURM_ARRAY_TASK_STEP: '10' }, 3, 4],
    ['of an array that names some shards', null, 16, array(7, 3, 2), 7, 16],
    ['of an Indexed Job', null, 4, { JOB_COMPLETION_INDEX: '0' }, 1, 4],
    ['of a sharded test', null, null, { TEST_SHARD_INDEX: '2', TEST_TOTAL_SHARDS: '3' }, 3, 3],
  ])('%s', (_, text, count, env, index, of) => {
    expect(shardOf(text, count, env)).toEqual({ index, count: of });
  });

  test.each<[string | null, number | null, Record<string, string>, RegExp]>([
    ['0/4', null, {}, /--shard: expected a shard from 1 to 4, found 0/],
    ['5/4', null, {}, /from 1 to 4, found 5/],
    ['half', null, {}, /--shard: expected i\/n, such as 3\/16, found "half"/],
    [null, null, { JOB_COMPLETION_INDEX: '0' }, /expected --shards with the number of completions/],
    [null, null, { JOB_COMPLETION_INDEX: 'x' }, /JOB_COMPLETION_INDEX: expected a whole number, found "x"/],
    [null, 4, { JOB_COMPLETION_INDEX: '4' }, /expected a shard from 1 to 4, found 5/],
    [null, null, { SLURM_ARRAY_TASK_ID: '1' }, /expected SLURM_ARRAY_TASK_COUNT beside it/],
    [null, null, { TEST_SHARD_INDEX: '1' }, /expected TEST_TOTAL_SHARDS beside it/],
    [null, 8, {}, /--shards 8: expected --shard i\/8/],
  ])('%s of %s in %o is refused', (text, count, env, sentence) => {
    expect(() => shardOf(text, count, env)).toThrow(sentence);
  });
});

function array(id: number, min: number, count: number): Record<string, string> {
  return {
    SLURM_ARRAY_TASK_ID: String(id),
    SLURM_ARRAY_TASK_MIN: String(min),
    SLURM_ARRAY_TASK_COUNT: String(count),
  };
}
