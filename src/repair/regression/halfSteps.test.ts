import { describe, expect, it } from 'vitest';
import { multiply } from '../../linalg/matrix';
import { thinSvd } from '../../linalg/svd';
import { alternate } from './alternate';
import { balance, composeKernel, type FactorPair } from './factorPair';
import { fitFirstFactor } from './firstFactor';
import { fitKernel, fitReducedRanks } from './reducedRank';
import { bestBias, firstRows, patchSize, regressionError, type PatchLayout } from './regression';
import { withRidge } from './ridge';
import { fitSecondFactor } from './secondFactor';
import { centred, minError, randomFactors, testRegression, type TestRegression } from './testRegressions';

const spatial: PatchLayout = { firstTaps: 3, secondTaps: 2, inputs: 3, outputs: 4 };
const channel: PatchLayout = { firstTaps: 6, secondTaps: 1, inputs: 2, outputs: 5 };
const dense: PatchLayout = { firstTaps: 1, secondTaps: 1, inputs: 7, outputs: 4 };

const cases = [
  { name: 'spatial', layout: spatial, samples: 200 },
  { name: 'channel', layout: channel, samples: 150 },
  { name: 'dense', layout: dense, samples: 60 },
  { name: 'spatial with patches in 5 directions only', layout: spatial, samples: 200, patchRank: 5 },
  { name: 'channel with patches in 4 directions only', layout: channel, samples: 150, patchRank: 4 },
  { name: 'spatial with more unknowns than samples', layout: spatial, samples: 7 },
  { name: 'dense with more unknowns than samples', layout: dense, samples: 5 },
].map((options, index) => ({
  ...options,
  regression: testRegression(options.layout, { ...options, seed: index + 1 }),
}));

/** The patches that the second factor sees: samples × (second tap, rank), written from the definition. */
function firstOutputs(
  { layout, patches, samples }: TestRegression,
  { first, rank }: FactorPair,
): Float64Array {
  const rows = firstRows(layout);
  const result = new Float64Array(samples * layout.secondTaps * rank);
  for (let sample = 0; sample < samples; sample++)
    for (let tap = 0; tap < layout.secondTaps; tap++)
      for (let k = 0; k < rank; k++)
        for (let row = 0; row < rows; row++)
          result[(sample * layout.secondTaps + tap) * rank + k]! +=
            patches[sample * patchSize(layout) + tap * rows + row]! * first[row * rank + k]!;
  return result;
}

/** What each weight of the first factor adds to each answer: (samples, outputs) × (row, rank). */
function firstDesign({ layout, patches }: TestRegression, { second, rank }: FactorPair): Float64Array {
  const rows = firstRows(layout);
  const { outputs, secondTaps } = layout;
  const middle = centred(patches, patchSize(layout));
  const samples = patches.length / patchSize(layout);
  const design = new Float64Array(samples * outputs * rows * rank);
  for (let sample = 0; sample < samples; sample++)
    for (let o = 0; o < outputs; o++)
      for (let row = 0; row < rows; row++)
        for (let k = 0; k < rank; k++)
          for (let tap = 0; tap < secondTaps; tap++)
            design[((sample * outputs + o) * rows + row) * rank + k]! +=
              middle[sample * patchSize(layout) + tap * rows + row]! *
              second[(tap * rank + k) * outputs + o]!;
  return design;
}

/** Mean squared error of a kernel with its best bias on the samples themselves. */
function sampleError(
  { layout, patches, targets, samples, moments }: TestRegression,
  kernel: Float64Array,
): number {
  const bias = bestBias(moments, kernel);
  const answers = multiply(patches, kernel, samples, patchSize(layout), layout.outputs);
  return (
    answers.reduce(
      (sum, value, index) => sum + (value + bias[index % layout.outputs]! - targets[index]!) ** 2,
      0,
    ) / samples
  );
}

describe.each(cases)('$name', ({ layout, regression }) => {
  const { moments, samples, targets, patches } = regression;
  const { outputs } = layout;
  const start = randomFactors(layout, 2, 9);
  const scale = moments.targetVariance.reduce((sum, value) => sum + value, 0);
  const errorOf = (factors: FactorPair) => regressionError(moments, composeKernel(layout, factors));

  it('has the error on the moments that the samples themselves have', () => {
    const kernel = composeKernel(layout, start);
    const direct = sampleError(regression, kernel);
    expect(Math.abs(regressionError(moments, kernel) - direct)).toBeLessThan(1e-9 * direct);
  });

  it('fits the second factor as well as direct least squares', () => {
    const design = centred(firstOutputs(regression, start), layout.secondTaps * 2);
    const best = minError(
      design,
      centred(targets, outputs),
      samples,
      layout.secondTaps * 2,
      outputs,
      samples,
    );
    const { factors: fitted, error } = fitSecondFactor(moments, layout, start);
    expect(fitted.first).toBe(start.first);
    expect(Math.abs(errorOf(fitted) - best)).toBeLessThan(1e-8 * scale);
    expect(Math.abs(error - errorOf(fitted))).toBeLessThan(1e-9 * scale);
  });

  it('fits the first factor as well as direct least squares', () => {
    const unknowns = firstRows(layout) * 2;
    const best = minError(
      firstDesign(regression, start),
      centred(targets, outputs),
      samples * outputs,
      unknowns,
      1,
      samples,
    );
    const fitted = fitFirstFactor(moments, layout, start, { maxSteps: 20 * unknowns, tolerance: 1e-13 });
    expect(fitted.second).toBe(start.second);
    expect(Math.abs(errorOf(fitted) - best)).toBeLessThan(1e-7 * scale);
  });

  it('never raises the error from round to round', () => {
    let last = Infinity;
    let rounds = 0;
    for (const { factors, error } of alternate(moments, layout, start)) {
      expect(error).toBeLessThanOrEqual(last);
      expect(Math.abs(errorOf(factors) - error)).toBeLessThan(1e-9 * scale);
      last = error;
      if (++rounds === 8) break;
    }
    expect(last).toBeLessThan(errorOf(start));
  });

  it('fits a whole kernel as well as direct least squares', () => {
    const size = patchSize(layout);
    const fitted = fitKernel(moments, composeKernel(layout, start));
    const best = minError(centred(patches, size), centred(targets, outputs), samples, size, outputs, samples);
    expect(Math.abs(regressionError(moments, fitted) - best)).toBeLessThan(1e-8 * scale);
  });
});

describe('fitKernel', () => {
  it('keeps the weights of a patch value that never varies', () => {
    const { moments } = testRegression(dense, { seed: 3, samples: 40 });
    const size = patchSize(dense);
    const gram = moments.gram.map((value, index) =>
      index % size === 2 || Math.floor(index / size) === 2 ? 0 : value,
    );
    const cross = moments.cross.map((value, index) => (Math.floor(index / dense.outputs) === 2 ? 0 : value));
    const kernel = composeKernel(dense, randomFactors(dense, 3, 8));
    const row = (matrix: Float64Array) => matrix.slice(2 * dense.outputs, 3 * dense.outputs);
    expect(row(fitKernel({ ...moments, gram, cross }, kernel))).toEqual(row(kernel));
  });
});

describe('fitReducedRanks', () => {
  it.each(cases.filter(({ layout }) => layout.secondTaps === 1))(
    'has the least error of any kernel of its rank: $name',
    ({ layout, regression }) => {
      const { moments, samples, patches, targets } = regression;
      const size = patchSize(layout);
      const { outputs } = layout;
      const right = centred(targets, outputs);
      const whole = minError(centred(patches, size), right, samples, size, outputs, samples);
      // Eckart and Young on the projection of the targets on the patches: the error of the whole kernel plus
      // the squares of the singular values that are cut off.
      const predictions = projection(centred(patches, size), right, samples, size, outputs);
      const spectrum = thinSvd(predictions, samples, outputs).singularValues;
      const kernel = composeKernel(layout, randomFactors(layout, 2, 4));
      const ranks = [1, 2, 4];
      fitReducedRanks(moments, layout, kernel, ranks).forEach((factors, index) => {
        const cut = spectrum.slice(ranks[index]).reduce((sum, value) => sum + value * value, 0) / samples;
        const error = regressionError(moments, composeKernel(layout, factors));
        expect(factors.rank).toBe(ranks[index]);
        expect(Math.abs(error - whole - cut)).toBeLessThan(1e-8 * (whole + cut + 1));
      });
    },
  );

  it('refuses a layout with several second taps', () => {
    const { moments } = cases[0]!.regression;
    expect(() => fitReducedRanks(moments, spatial, new Float64Array(72), [1])).toThrow(/one second tap/);
  });
});

function projection(
  design: Float64Array,
  right: Float64Array,
  rows: number,
  unknowns: number,
  columns: number,
): Float64Array {
  const { u, singularValues } = thinSvd(design, rows, unknowns);
  const all = Math.min(rows, unknowns);
  const kept = singularValues.filter((value) => value > 1e-9 * singularValues[0]!).length;
  const result = new Float64Array(rows * columns);
  for (let k = 0; k < kept; k++)
    for (let c = 0; c < columns; c++) {
      let along = 0;
      for (let row = 0; row < rows; row++) along += u[row * all + k]! * right[row * columns + c]!;
      for (let row = 0; row < rows; row++) result[row * columns + c]! += u[row * all + k]! * along;
    }
  return result;
}

describe('withRidge', () => {
  const { layout, regression } = cases[0]!;
  const kernel = composeKernel(layout, randomFactors(layout, 5, 21));

  it('adds the squared distance from the kernel to the error', () => {
    const { moments } = regression;
    const other = composeKernel(layout, randomFactors(layout, 2, 22));
    const distance = other.reduce((sum, value, index) => sum + (value - kernel[index]!) ** 2, 0);
    const size = patchSize(layout);
    const variance = moments.gram.reduce(
      (sum, value, index) => sum + (index % (size + 1) === 0 ? value / size : 0),
      0,
    );
    const expected = regressionError(moments, other) + 0.3 * variance * distance;
    expect(regressionError(withRidge(moments, kernel, 0.3), other)).toBeCloseTo(expected, 6);
  });

  it('leads to the truncated singular value decomposition as it grows', () => {
    const rows = firstRows(layout);
    const columns = layout.secondTaps * layout.outputs;
    const unfolded = new Float64Array(rows * columns);
    kernel.forEach((value, index) => {
      const row = Math.floor(index / layout.outputs);
      const tap = Math.floor(row / rows);
      unfolded[(row % rows) * columns + tap * layout.outputs + (index % layout.outputs)] = value;
    });
    const spectrum = thinSvd(unfolded, rows, columns).singularValues;
    const min = spectrum.slice(2).reduce((sum, value) => sum + value * value, 0);
    let fitted = randomFactors(layout, 2, 5);
    let rounds = 0;
    for (const { factors } of alternate(withRidge(regression.moments, kernel, 1e9), layout, fitted)) {
      fitted = factors;
      if (++rounds === 40) break;
    }
    const distance = composeKernel(layout, fitted).reduce(
      (sum, value, index) => sum + (value - kernel[index]!) ** 2,
      0,
    );
    expect(distance).toBeLessThan(min * 1.001);
  });
});

describe('balance', () => {
  it('gives both factors the same norms and changes no product', () => {
    const start = randomFactors(spatial, 3, 2);
    const uneven = { ...start, first: start.first.map((value) => value * 1e4) };
    const even = balance(spatial, uneven);
    const norm = (values: Float64Array) => Math.hypot(...values);
    expect(norm(even.first) / norm(even.second)).toBeCloseTo(1, 6);
    const before = composeKernel(spatial, uneven);
    const after = composeKernel(spatial, even);
    after.forEach((value, index) => expect(value).toBeCloseTo(before[index]!, 6));
  });

  it('leaves a filter alone that nothing reads', () => {
    const start = randomFactors(dense, 2, 2);
    const second = start.second.map((value, index) => (index < dense.outputs ? 0 : value));
    const even = balance(dense, { ...start, second });
    expect(even.first.filter((_, index) => index % 2 === 0)).toEqual(
      start.first.filter((_, index) => index % 2 === 0),
    );
  });
});
