import { describe, expect, it } from 'vitest';
import { multiply, transposedMultiply } from '../../linalg/matrix';
import { composeKernel } from './factorPair';
import { defaultFitOptions, fitLayer, type GroupRegression, type LayerFit } from './fitLayer';
import { kernelOf } from './model';
import { joinedMoments, patchSize, predictionError, type Moments, type PatchLayout } from './regression';
import { momentsOfSamples, randomFactors, testRegression } from './testRegressions';

const spatial: PatchLayout = { firstTaps: 3, secondTaps: 3, inputs: 2, outputs: 4 };

/** A layer that answers with its own kernel on other samples from the same source. */
function regressionOf(layout: PatchLayout, samples: number, seed = 1): GroupRegression {
  const whole = testRegression(layout, { seed, samples: samples + 400 });
  const size = patchSize(layout);
  const { outputs } = layout;
  const part = (from: number, to: number) =>
    momentsOfSamples(
      layout,
      whole.patches.slice(from * size, to * size),
      whole.targets.slice(from * outputs, to * outputs),
    );
  return {
    layout,
    kernel: composeKernel(layout, randomFactors(layout, 4, seed)),
    fitted: part(0, samples),
    heldBack: part(samples, samples + 400),
    unrepaired: {
      model: { kind: 'factors', pair: randomFactors(layout, 2, seed) },
      bias: new Float64Array(layout.outputs),
    },
  };
}

/** Moments of the same patches with the answers of a kernel, without bias, as targets. */
function answersOf({ gram, patchMean }: Moments, kernel: Float64Array): Partial<Moments> {
  const size = patchMean.length;
  const outputs = kernel.length / size;
  const cross = multiply(gram, kernel, size, size, outputs);
  const targetVariance = new Float64Array(outputs);
  kernel.forEach((value, index) => (targetVariance[index % outputs]! += value * cross[index]!));
  return { cross, targetVariance, targetMean: transposedMultiply(kernel, patchMean, outputs, size, 1) };
}

function run(regressions: readonly GroupRegression[]): LayerFit {
  const work = fitLayer(regressions, defaultFitOptions);
  let state = work.next();
  while (!state.done) state = work.next();
  return state.value;
}

describe('joinedMoments', () => {
  it('are those of all samples', () => {
    const whole = testRegression(spatial, { seed: 8, samples: 90 });
    const size = patchSize(spatial);
    const { outputs } = spatial;
    const part = (from: number, to: number) =>
      momentsOfSamples(
        spatial,
        whole.patches.slice(from * size, to * size),
        whole.targets.slice(from * outputs, to * outputs),
      );
    const merged = joinedMoments([part(0, 20), part(20, 23), part(23, 90)]);
    for (const name of ['patchMean', 'targetMean', 'gram', 'cross', 'targetVariance'] as const) {
      merged[name].forEach((value, index) => expect(value).toBeCloseTo(whole.moments[name][index]!, 8));
    }
    expect(merged.samples).toBe(90);
    const withoutGram = (moments: Moments) => ({ ...moments, gram: new Float64Array(0) });
    const rest = joinedMoments([part(0, 20), part(20, 23), part(23, 90)].map(withoutGram));
    expect(rest).toEqual(withoutGram(merged));
  });
});

describe('fitLayer', () => {
  it('reports the error that the fit has on the held-back samples, and never one above that without repair', () => {
    for (const samples of [3, 20, 500]) {
      const regression = regressionOf(spatial, samples, samples);
      const fit = run([regression]);
      const group = fit.groups[0]!;
      const error = predictionError(regression.heldBack, kernelOf(spatial, group.model), group.bias);
      const variance = regression.heldBack.targetVariance.reduce((sum, value) => sum + value, 0);
      expect(error / variance).toBeCloseTo(fit.errorAfter, 9);
      expect(fit.errorAfter).toBeLessThanOrEqual(fit.errorBefore);
    }
  });

  it('takes a weak ridge with many samples', () => {
    const { choice } = run([regressionOf(spatial, 2000)]);
    expect(choice).toMatchObject({ kind: 'fitted' });
    expect(choice.kind === 'fitted' && choice.ridge).toBeLessThanOrEqual(0.01);
  });

  it('leaves a layer alone whose held-back samples no fit improves', () => {
    const regression = regressionOf(spatial, 50);
    const { model } = regression.unrepaired;
    const kernel = kernelOf(spatial, model);
    // Held-back targets that the unrepaired layer answers exactly.
    const perfect = { ...regression.heldBack, ...answersOf(regression.heldBack, kernel) };
    const fit = run([{ ...regression, heldBack: perfect }]);
    expect(fit.choice).toEqual({ kind: 'unchanged' });
    expect(fit.groups[0]).toBe(regression.unrepaired);
  });

  it('chooses one ridge for all groups of a layer', () => {
    const fit = run([regressionOf(spatial, 100, 3), regressionOf(spatial, 100, 4)]);
    expect(fit.groups).toHaveLength(2);
    expect(fit.choice.kind).toBe('fitted');
  });

  it('fits whole kernels and closed forms in one step', () => {
    const channel: PatchLayout = { firstTaps: 4, secondTaps: 1, inputs: 2, outputs: 5 };
    const cut = regressionOf(channel, 300);
    const whole: GroupRegression = {
      ...cut,
      unrepaired: { ...cut.unrepaired, model: { kind: 'kernel', kernel: cut.kernel } },
    };
    for (const regression of [cut, whole]) {
      const { choice } = run([regression]);
      expect(choice).toMatchObject({ kind: 'fitted', rounds: 0 });
    }
    expect(run([whole]).errorAfter).toBeLessThan(run([cut]).errorAfter);
  });
});
