import * as tf from '@tensorflow/tfjs-core';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import { isToday, ofToday } from '../../scripts/ofToday';
import { originalRecipe, withoutSteps } from '../../src/compression/recipe';
import { memory } from '../../src/engine/backend';
import { unwrap } from '../../src/network/failure';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
} from '../../src/network/testing/builders';
import { evaluateKind } from '../protocol/evaluate';
import { raceKind } from '../protocol/race';
import { repairKind } from '../protocol/repair';
import { sweepKind } from '../protocol/sweep';
import { inThreadStudio } from '../testing/inThreadStudio';
import { openTinyWork } from '../testing/tinyStudio';

const never = new AbortController().signal;
const ignore = () => undefined;

/** What evaluating, sweeping, racing and repairing come to on so many threads. */
async function resultsOn(threads: number) {
  const studio = inThreadStudio(installedCodecs, threads);
  unwrap(await studio.start('wasm'));
  const { evaluation, race, sweep, repair } = await openTinyWork(studio, smallResidualNetwork(3), 42);
  const run = { evaluate: (recipe = evaluation.recipe) => ({ ...evaluation, recipe }) };
  const answers = unwrap(await studio.run(never, evaluateKind, run.evaluate(), ignore));
  const points = unwrap(await studio.run(never, sweepKind, sweep, ignore));
  const standings = unwrap(await studio.run(never, raceKind, race, ignore));
  unwrap(await studio.run(never, repairKind, repair, ignore));
  const repaired = unwrap(await studio.run(never, evaluateKind, run.evaluate(repair.recipe), ignore));
  const cut = withoutSteps(repair.recipe);
  const unrepaired = unwrap(await studio.run(never, evaluateKind, run.evaluate(cut), ignore));
  studio.close();
  const sorted = points.toSorted((a, b) => a.layer.localeCompare(b.layer) || a.rank - b.rank);
  return { answers, points: sorted, standings, repaired, unrepaired };
}

describe('the number of threads', () => {
  let expected: Awaited<ReturnType<typeof resultsOn>>;
  beforeAll(async () => {
    expected = await resultsOn(1);
  });

  test.each(ofToday([2, 3, 5], 3))('changes no number: %i', async (threads) => {
    const { answers, repaired, unrepaired } = expected;
    expect(answers.scores.some((score) => score !== 0)).toBe(true);
    expect(repaired.scores).not.toEqual(unrepaired.scores);
    expect(await resultsOn(threads)).toEqual(expected);
  });
});

/** Bytes that WebAssembly holds of the machine's memory: they never shrink, so growing shows. */
function moduleBytes(): number {
  return (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
}

/** Bytes of objects that something still refers to. */
function objectBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

test.runIf(isToday(1, 3))(
  'ten thousand evaluations hold no more tensors and no more memory than a few',
  async () => {
    const numbers = seededNumbers(7);
    const layer = (inputs: number) =>
      randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs, outputs: 8 });
    const network = chainOf(
      [6, 6, 3],
      [
        ...[layer(3), activation('relu'), layer(8), activation('sigmoid')],
        { kind: 'globalPool', reduce: 'average', keepDimensions: false },
        randomDense(numbers, 8, 4),
      ],
    );
    const studio = inThreadStudio(installedCodecs);
    unwrap(await studio.start('wasm'));
    const { evaluation, race } = await openTinyWork(studio, network, 3);
    // More networks than stay compiled, so that they come and go.
    const recipes = [originalRecipe(race.network), ...race.candidates.map(({ recipe }) => recipe)];
    const evaluateAll = async (times: number) => {
      for (let time = 0; time < times; time++)
        unwrap(
          await studio.run(
            never,
            evaluateKind,
            { ...evaluation, recipe: recipes[time % recipes.length]! },
            ignore,
          ),
        );
    };
    const held = () => ({ ...memory(), module: moduleBytes() });
    await evaluateAll(1000);
    const [few, objects] = [held(), objectBytes()];
    await evaluateAll(10_000);
    expect(held()).toEqual(few);
    // An answer that is kept has more than that; what the engine itself learns of its code meanwhile has less.
    expect((objectBytes() - objects) / 10_000).toBeLessThan(100);
    studio.close();
  },
);
