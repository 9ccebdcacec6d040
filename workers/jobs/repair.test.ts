import { beforeAll, expect, test } from 'vitest';
import { lowRankRecipe, withStep } from '../../src/compression/recipe';
import { startNodeBackend } from '../../src/engine/testing/nodeBackend';
import { centredRgb } from '../../src/engine/testing/images';
import { pauseUnlessCancelled } from '../../src/engine/yielding';
import { FailureError } from '../../src/network/failure';
import { defaultFactorisation, requireLayer } from '../../src/network/layerNodes';
import { seededNumbers } from '../../src/network/testing/builders';
import { repairNetwork } from '../../src/repair/repairNetwork';
import { calibration, factorsOf, images, network } from '../../src/repair/testing/smallNetwork';
import { threadEnd, threadLost } from '../pool/threads';
import type { CourseThread } from '../protocol/course';
import { repairPartKind } from '../protocol/repair';
import { runs } from '../runs';
import { inThreadCourse } from '../service/course';
import { ThreadContext } from '../service/threadContext';
import { ThreadJob } from '../service/threadJobs';
import { quietTools } from '../testing/quietTools';
import type { JobPool } from './job';
import { repairOverThreads } from './repair';

const ranks = { down: 5, project: 4, grouped: 4, hidden: 6 };
const layers = Object.keys(ranks);
const seed = 3;
const draw = { kind: 'run', from: 0, count: calibration.length } as const;
const recipe = withStep(
  lowRankRecipe('n', ranks, (layer) =>
    defaultFactorisation(requireLayer(network.nodes.find(({ name }) => name === layer)!).operator),
  ),
  { kind: 'repair', images: { images: 'i', draw, preprocessing: centredRgb }, settings: {}, seed },
);

/** Threads that hold the network and the images, and what each keeps for the job. */
function poolOf(
  threads: number,
  openCourse: () => CourseThread = inThreadCourse,
  before: (kind: string, kept: ThreadJob) => void = () => undefined,
) {
  const context = new ThreadContext();
  context.put({ kind: 'network', fingerprint: 'n', network });
  // Their labels are noise, too, and of other classes.
  context.put({ kind: 'images', fingerprint: 'i', images: { ...images, labels: null } });
  context.put({ kind: 'factors', network: 'n', factors: layers.map(factorsOf) });
  const kept = Array.from({ length: threads }, () => new ThreadJob());
  const ignore = () => undefined;
  const pool = {
    threads,
    async unit(kind: { name: string }, task: unknown, { place = 0 }: { place?: number } = {}) {
      const job = kept[place % threads]!;
      before(kind.name, job);
      return runs.get(kind.name).run(context, task, {
        ...{ onProgress: ignore, onEvent: ignore, isCancelled: () => job.isCancelled },
        pause: pauseUnlessCancelled(),
        keep: (name, make) => job.keep(name, make),
      });
    },
    openCourse,
    release: () => Promise.resolve(kept.forEach((job) => job.letGo())),
  };
  // What a repair needs of a pool and no more.
  return pool as unknown as JobPool;
}

let expected: Awaited<ReturnType<typeof repairOverThreads>>;
beforeAll(async () => {
  await startNodeBackend('wasm');
  const request = {
    network,
    ranks,
    factorsOf,
    images,
    preprocessing: centredRgb,
    indices: calibration,
    seed,
  };
  const { patch, layers: repaired, divergence, isRepaired } = await repairNetwork(request);
  expect(isRepaired).toBe(true);
  expected = { patch, report: { layers: repaired, divergence, isRepaired } };
});

test.each([1, 2, 3, 4, 7])('%i threads come to what one comes to by itself, to the bit', async (threads) => {
  expect(await repairOverThreads(poolOf(threads), recipe, quietTools)).toEqual(expected);
});

test('threads that forget what they kept are told of it again', async () => {
  const numbers = seededNumbers(11);
  let lost = 0;
  const forget = (kind: string, kept: ThreadJob) => {
    if (kind !== repairPartKind.name || kept.keepsNothing || numbers.whole(0, 4) > 0) return;
    kept.letGo();
    lost++;
  };
  expect(await repairOverThreads(poolOf(2, inThreadCourse, forget), recipe, quietTools)).toEqual(expected);
  expect(lost).toBeGreaterThan(3);
});

test('where the thread that fits is lost, another one goes on behind its last layer', async () => {
  let opened = 0;
  const begun: number[] = [];
  const dying = (): CourseThread => {
    const { service, close } = inThreadCourse();
    const { failed, end } = threadEnd();
    const isLast = ++opened === 3;
    let isOver = false;
    return {
      close,
      service: {
        ...{ run: (...given) => service.run(...given) },
        repair: (task, ask, onProgress) => {
          begun.push(task.resume.length);
          const asking: typeof ask = (question) => {
            isOver ||= !isLast && question.kind === 'moments' && question.layer === 2 * opened;
            if (!isOver) return ask(question);
            end(threadLost());
            return new Promise(() => undefined);
          };
          return Promise.race([service.repair(task, asking, onProgress), failed]);
        },
      },
    };
  };
  expect(await repairOverThreads(poolOf(2, dying), recipe, quietTools)).toEqual(expected);
  // What the thread was about to tell is lost with it.
  expect(begun).toEqual([0, 1, 3]);
});

test('what fails in a compute thread fails so', async () => {
  const failing = (kind: string) => {
    if (kind === repairPartKind.name) throw new FailureError('out-of-memory', 'No room for the patches.');
  };
  await expect(
    repairOverThreads(poolOf(2, inThreadCourse, failing), recipe, quietTools),
  ).rejects.toMatchObject({
    code: 'out-of-memory',
    message: 'No room for the patches.',
  });
});
