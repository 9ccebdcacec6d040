import { describe, expect, it } from 'vitest';
import { composeKernel } from './factorPair';
import { improvedModel, improveModel, type LinearModel } from './model';
import type { PatchLayout } from './regression';
import { withRidge } from './ridge';
import { randomFactors, testRegression } from './testRegressions';

const spatial: PatchLayout = { firstTaps: 3, secondTaps: 3, inputs: 2, outputs: 4 };
const channel: PatchLayout = { firstTaps: 4, secondTaps: 1, inputs: 2, outputs: 5 };

function caseOf(layout: PatchLayout) {
  const { moments } = testRegression(layout, { seed: 2, samples: 200 });
  const kernel = composeKernel(layout, randomFactors(layout, 4, 3));
  const start: LinearModel = { kind: 'factors', pair: randomFactors(layout, 2, 4) };
  return { moments, kernel, start };
}

describe('improvedModel', () => {
  it.each([1, 2, 3, 4, 7])('does the %d rounds that are asked for and yields after each', (rounds) => {
    const { moments, kernel, start } = caseOf(spatial);
    const models = improveModel(withRidge(moments, kernel, 0.01), spatial, kernel, start);
    const expected = Array.from({ length: rounds }, () => models.next().value!).at(-1)!;
    const work = improvedModel(moments, spatial, kernel, start, { rounds, ridge: 0.01 });
    for (let round = 0; round < rounds; round++) expect(work.next().done).toBe(false);
    expect(work.next()).toEqual({ done: true, value: expected });
  });

  it('does one where a closed form gives the best', () => {
    const { moments, kernel, start } = caseOf(channel);
    const work = improvedModel(moments, channel, kernel, start, { rounds: 5, ridge: 0.01 });
    expect(work.next().done).toBe(false);
    expect(work.next().done).toBe(true);
  });
});
