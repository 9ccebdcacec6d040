import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factoriseLayer, factorNodes, type LayerFactors } from './factors';
import type { Conv2d, Tensor } from './graph';
import type { Factorisation } from './layers';
import { sizeOf } from './shapes';
import {
  activation,
  arbitraryConvolution,
  evenPadding,
  nodeOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
  type Numbers,
} from './testing/builders';

/** `count` orthonormal vectors, by Gram and Schmidt, twice for accuracy. */
function orthonormal(numbers: Numbers, count: number, length: number): number[][] {
  const found: number[][] = [];
  while (found.length < count) {
    let vector = Array.from({ length }, () => numbers.normal());
    for (const other of [...found, ...found]) {
      const along = vector.reduce((sum, value, index) => sum + value * other[index]!, 0);
      vector = vector.map((value, index) => value - along * other[index]!);
    }
    const norm = Math.hypot(...vector);
    found.push(vector.map((value) => value / norm));
  }
  return found;
}

const sizes = { height: 3, width: 2, groups: 2, inputs: 2, outputs: 4 };

/**
 * A grouped kernel whose unfolded matrices have known singular values: W[o,i,h,w] = Σ σ u[(i,h)] v[(w,o)] for
 * spatial and Σ σ u[o] v[(i,h,w)] for channel, as written in the definition.
 */
function kernelWithSpectrum(factorisation: Factorisation, spectra: readonly number[][]): Conv2d {
  const { height, width, groups, inputs, outputs } = sizes;
  const numbers = seededNumbers(11);
  const isSpatial = factorisation === 'spatial';
  const data = new Float32Array(height * width * inputs * groups * outputs);
  spectra.forEach((spectrum, group) => {
    const left = orthonormal(numbers, spectrum.length, isSpatial ? inputs * height : outputs);
    const right = orthonormal(
      numbers,
      spectrum.length,
      isSpatial ? width * outputs : inputs * height * width,
    );
    for (let h = 0; h < height; h++)
      for (let w = 0; w < width; w++)
        for (let i = 0; i < inputs; i++)
          for (let o = 0; o < outputs; o++) {
            const row = isSpatial ? i * height + h : o;
            const column = isSpatial ? w * outputs + o : (i * height + h) * width + w;
            const sum = spectrum.reduce((s, sigma, k) => s + sigma * left[k]![row]! * right[k]![column]!, 0);
            data[((h * width + w) * inputs + i) * groups * outputs + group * outputs + o] = sum;
          }
  });
  const kernel: Tensor = { shape: [height, width, inputs, groups * outputs], data };
  const operator = randomConvolution(numbers, {
    kernel: sizes,
    inputs: groups * inputs,
    outputs: groups * outputs,
    groups,
  });
  return { ...operator, kernel };
}

/** The kernel that two factors stand for: Σ_k first[h, w′, i, k] · second[w″, k, o], group by group. */
function composed(
  factors: LayerFactors,
  [height, width, inputs, outputs]: readonly number[],
  groups: number,
): Float64Array {
  const { first, second, rank } = factors;
  const isSpatial = factors.factorisation === 'spatial';
  const result = new Float64Array(height! * width! * inputs! * outputs!);
  let index = 0;
  for (let h = 0; h < height!; h++)
    for (let w = 0; w < width!; w++)
      for (let i = 0; i < inputs!; i++)
        for (let o = 0; o < outputs!; o++, index++) {
          const group = Math.floor(o / (outputs! / groups));
          const [tap, laterTap] = isSpatial ? [h, w] : [h * width! + w, 0];
          for (let k = 0; k < rank; k++) {
            const a = first.data[(tap * inputs! + i) * groups * rank + group * rank + k]!;
            result[index]! += a * second.data[(laterTap * rank + k) * outputs! + o]!;
          }
        }
  return result;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(...Array.from(a, (value, index) => value - b[index]!));
}

function prefix(node: ReturnType<typeof nodeOf>, factors: LayerFactors, rank: number): LayerFactors {
  const [first, second] = factorNodes(node, factors, rank).map(({ operator }) => {
    if (operator.kind === 'conv2d') return operator.kernel;
    return operator.kind === 'dense' ? operator.weights : expect.unreachable();
  });
  return { ...factors, rank, first: first!, second: second! };
}

describe('factoriseLayer', () => {
  const spectra = [
    [9, 4, 2, 1],
    [7, 6, 5, 0.5],
  ];

  it.each(['spatial', 'channel'] as const)(
    '%s factors have the least possible error at every rank',
    (factorisation) => {
      const operator = kernelWithSpectrum(factorisation, spectra);
      const node = nodeOf('conv', ['image'], operator);
      const factors = factoriseLayer(node, factorisation, 4);
      for (let rank = 1; rank <= 4; rank++) {
        const cut = prefix(node, factors, rank);
        const min = Math.hypot(...spectra.flatMap((spectrum) => spectrum.slice(rank)));
        expect(distance(composed(cut, operator.kernel.shape, 2), operator.kernel.data)).toBeCloseTo(min, 4);
      }
    },
  );

  it.each(['spatial', 'channel'] as const)(
    '%s singular values are those of the groups, summed',
    (factorisation) => {
      const factors = factoriseLayer(
        nodeOf('conv', ['image'], kernelWithSpectrum(factorisation, spectra)),
        factorisation,
        2,
      );
      const expected = factorisation === 'spatial' ? [16, 10, 7, 1.5, 0, 0] : [16, 10, 7, 1.5];
      expect(factors.singularValues.length).toBe(expected.length);
      factors.singularValues.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 5));
    },
  );

  it('gives both factors the same share of every singular value', () => {
    const { first, second, singularValues } = factoriseLayer(
      nodeOf('dense', ['x'], randomDense(seededNumbers(4), 6, 4)),
      'dense',
    );
    for (let k = 0; k < 4; k++) {
      const column = Array.from({ length: 6 }, (_, row) => first.data[row * 4 + k]!);
      expect(Math.hypot(...column) ** 2).toBeCloseTo(singularValues[k]!, 5);
      expect(Math.hypot(...second.data.subarray(k * 4, k * 4 + 4)) ** 2).toBeCloseTo(singularValues[k]!, 5);
    }
  });

  it('gives the same layer whether factors are cut afterwards or computed at the lower rank', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom('spatial' as const, 'channel' as const),
        (seed, factorisation) => {
          const { operator } = arbitraryConvolution(seededNumbers(seed));
          const node = nodeOf('conv', ['image'], operator);
          const full = factoriseLayer(node, factorisation);
          const rank = 1 + (seed % full.rank);
          const [later, sooner] = [prefix(node, full, rank), factoriseLayer(node, factorisation, rank)];
          const kernelOf = (factors: LayerFactors) =>
            composed(factors, operator.kernel.shape, operator.groups);
          expect(sooner.first.shape).toEqual(later.first.shape);
          expect(distance(kernelOf(later), kernelOf(sooner))).toBeLessThan(1e-4);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('survives a kernel of zeros', () => {
    const operator = randomConvolution(seededNumbers(1), { kernel: square(3), inputs: 2, outputs: 4 });
    const kernel = { ...operator.kernel, data: new Float32Array(sizeOf(operator.kernel.shape)) };
    const { first, second, singularValues } = factoriseLayer(
      nodeOf('conv', ['image'], { ...operator, kernel }),
      'spatial',
    );
    expect([...first.data, ...second.data, ...singularValues].every((value) => value === 0)).toBe(true);
  });
});

describe('factorNodes', () => {
  const numbers = seededNumbers(2);
  const operator = randomConvolution(numbers, {
    kernel: { height: 3, width: 5 },
    inputs: 4,
    outputs: 6,
    groups: 2,
    stride: { height: 2, width: 3 },
    dilation: { height: 1, width: 2 },
    padding: { top: 1, bottom: 0, left: 4, right: 3 },
  });
  const node = nodeOf('conv', ['image'], operator);

  it('gives the vertical half to the first spatial factor and the horizontal half to the second', () => {
    const [first, second] = factorNodes(node, factoriseLayer(node, 'spatial'), 3);
    expect(first).toMatchObject({ name: 'conv/first', inputs: ['image'], output: 'conv:0/first' });
    expect(first.operator).toMatchObject({
      kernel: { shape: [3, 1, 2, 6] },
      bias: null,
      stride: { height: 2, width: 1 },
      dilation: { height: 1, width: 1 },
      padding: { top: 1, bottom: 0, left: 0, right: 0 },
      groups: 2,
    });
    expect(second).toMatchObject({ name: 'conv/second', inputs: ['conv:0/first'], output: 'conv:0' });
    expect(second.operator).toMatchObject({
      kernel: { shape: [1, 5, 3, 6] },
      bias: operator.bias,
      stride: { height: 1, width: 3 },
      dilation: { height: 1, width: 2 },
      padding: { top: 0, bottom: 0, left: 4, right: 3 },
      groups: 2,
    });
  });

  it('gives everything but the bias to the first channel factor', () => {
    const [first, second] = factorNodes(node, factoriseLayer(node, 'channel'), 2);
    expect(first.operator).toEqual({
      ...operator,
      bias: null,
      kernel: expect.objectContaining({ shape: [3, 5, 2, 4] }),
    });
    expect(second.operator).toMatchObject({
      kernel: { shape: [1, 1, 2, 6] },
      bias: operator.bias,
      stride: square(1),
      dilation: square(1),
      padding: evenPadding(0),
      groups: 2,
    });
  });

  it.each([
    [() => factoriseLayer(node, 'channel', 4), 'layer conv: expected a rank of at most 3, found 4; '],
    [
      () => factorNodes(node, factoriseLayer(node, 'spatial'), 7),
      'layer conv: expected a rank of at most 6, found 7; ',
    ],
    [
      () => factorNodes(node, factoriseLayer(node, 'spatial', 2), 3),
      'layer conv: expected a rank of at most 2, for which its factors were computed, found 3; ',
    ],
    [() => factoriseLayer(node, 'spatial', 0), 'layer conv: expected a rank from 1, found 0; '],
    [() => factoriseLayer(node, 'spatial', 1.5), 'layer conv: expected a whole number as rank, found 1.5; '],
    [
      () => factoriseLayer(node, 'dense'),
      'layer conv: expected a factorisation that a conv2d layer has, found dense; ',
    ],
    [
      () => factoriseLayer(nodeOf('fc', ['x'], randomDense(numbers, 2, 2)), 'spatial'),
      'layer fc: expected a factorisation that a dense layer has, found spatial; ',
    ],
    [
      () => factoriseLayer(nodeOf('relu', ['x'], activation('relu')), 'dense'),
      'layer relu: expected a convolution or a dense layer, found activation; ',
    ],
  ])('says what is wrong with a request (%#)', (request, message) => {
    const said = expect.stringContaining(message) as string;
    expect(request).toThrow(expect.objectContaining({ code: 'invalid-request', message: said }));
  });

  it('says which ranks estimated factors reach', () => {
    const dense = nodeOf('fc', ['x'], randomDense(numbers, 50, 40));
    const told: number[] = [];
    const onValues = (values: Float64Array) => told.push(values.length);
    const factors = factoriseLayer(dense, 'dense', 22, { isEstimated: true, onValues });
    expect(factors).toMatchObject({
      rank: 10,
      asked: 22,
      first: { shape: [50, 10] },
      second: { shape: [10, 40] },
    });
    expect(told).toEqual([40]);
    expect(factorNodes(dense, factors, 10)).toHaveLength(2);
    const message =
      'layer fc: expected a rank of at most 10, which its estimated factors reach, found 12; factorise it whole.';
    expect(() => factorNodes(dense, factors, 12)).toThrow(
      expect.objectContaining({ code: 'rank-not-reached', message }),
    );
    expect(() => factoriseLayer(node, 'spatial', 2, { isEstimated: true })).toThrow('expected a dense layer');
  });
});
