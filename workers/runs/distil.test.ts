import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { withStep, type Recipe } from '../../src/compression/recipe';
import { distilStep } from '../../src/compression/steps/distil';
import { imagesOf } from '../../src/compression/steps/step';
import type { CourseState } from '../../src/distil/course';
import { unwrap } from '../../src/network/failure';
import { smallResidualNetwork } from '../../src/network/testing/builders';
import { distilKind } from '../protocol/distil';
import { evaluateKind } from '../protocol/evaluate';
import { repairKind } from '../protocol/repair';
import type { PooledStudio } from '../pool/pooledStudio';
import type { Studio } from '../protocol/studio';
import { inThreadStudio } from '../testing/inThreadStudio';
import { openTinyWork, type TinyWork } from '../testing/tinyStudio';

const never = new AbortController().signal;
const ignore = () => undefined;
const [studio, other] = [1, 2].map((threads) => inThreadStudio(installedCodecs, threads)) as [
  PooledStudio,
  PooledStudio,
];
const studios = [studio, other];
const settings = { epochs: 3, batch: 4, shift: 0, flip: false, views: 2, rate: 3e-4 };
let tiny: TinyWork;
let recipe: Recipe;

beforeAll(async () => {
  for (const each of studios) {
    unwrap(await each.start('wasm'));
    tiny = await openTinyWork(each, smallResidualNetwork(3), 40);
  }
  const images = imagesOf(tiny.repair.recipe.steps[0]!);
  recipe = withStep(tiny.evaluation.recipe, distilStep(images, 3, settings));
});
afterAll(() => studios.forEach((each) => each.close()));

const scoresOf = async (each: Studio, own: Recipe) =>
  unwrap(await each.run(never, evaluateKind, { ...tiny.evaluation, recipe: own }, ignore)).scores;

describe('the step that distils', () => {
  it('gives the same network on one thread and on two, anew and from any epoch', async () => {
    const told: CourseState[] = [];
    const done: number[] = [];
    const onProgress = (progress: { done: number }) => done.push(progress.done);
    const onEvent = (state: CourseState) => told.push(state);
    const report = unwrap(await studio.run(never, distilKind, { recipe }, onProgress, onEvent));
    expect(told.map(({ records }) => records.length)).toEqual([1, 2, 3, 4]);
    expect(report.images).toEqual({ trained: 32, heldBack: 8 });
    expect(report.epochs).toEqual(told.at(-1)!.records);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(report.isDistilled).toBe(true);
    const scores = await scoresOf(studio, recipe);
    expect(scores).not.toEqual(await scoresOf(studio, tiny.evaluation.recipe));
    expect(unwrap(await other.run(never, distilKind, { recipe }, ignore))).toEqual(report);
    expect(await scoresOf(other, recipe)).toEqual(scores);
    const again = unwrap(await other.run(never, distilKind, { recipe, resume: told[1]! }, ignore));
    expect(again).toEqual(report);
  });

  it('follows repair, stops where it is cancelled, and can begin again', async () => {
    const stop = new AbortController();
    unwrap(await studio.run(never, repairKind, tiny.repair, ignore));
    const own = withStep(tiny.repair.recipe, recipe.steps[0]!);
    const outcome = await studio.run(stop.signal, distilKind, { recipe: own }, () => stop.abort());
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    const { epochs } = unwrap(await studio.run(never, distilKind, { recipe: own }, ignore));
    expect(epochs).toHaveLength(4);
    expect(epochs[0]!.divergence).toBeLessThan(0.1);
    expect((await scoresOf(studio, own)).length).toBeGreaterThan(0);
  });

  it('refuses settings out of their bounds', async () => {
    const wrong = { ...recipe, steps: [{ ...recipe.steps[0]!, settings: { ...settings, epochs: -1 } }] };
    const outcome = await studio.run(never, distilKind, { recipe: wrong }, ignore);
    expect(outcome).toMatchObject({
      ok: false,
      failure: {
        code: 'invalid-request',
        message: expect.stringMatching(
          /expected settings of distillation within their bounds, found .*"epochs":-1/,
        ) as string,
      },
    });
  });
});
