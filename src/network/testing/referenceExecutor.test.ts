import { describe, expect, it } from 'vitest';
import type { ActivationFunction, Conv2d, Operator, Pool, Shape } from '../graph';
import { activation, evenPadding, square } from './builders';
import { pytorchValues as pytorch } from './pytorchValues';
import { runReferenceOperator, valueOf } from './referenceExecutor';

function wave(shape: Shape) {
  const count = shape.reduce((a, b) => a * b, 1);
  return valueOf(
    shape,
    Array.from({ length: count }, (_, index) => Math.sin(0.7 * index)),
  );
}

function expectValues(operator: Operator, inputShape: Shape, expected: readonly number[], digits = 9) {
  const { data } = runReferenceOperator(operator, [wave(inputShape)]);
  expect(data.length).toBe(expected.length);
  data.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, digits));
}

describe('the reference executor agrees with PyTorch', () => {
  it('on a grouped, dilated, strided, unevenly padded convolution', () => {
    const convolution: Conv2d = {
      kind: 'conv2d',
      kernel: { shape: [3, 2, 2, 4], data: Float32Array.from(wave([3, 2, 2, 4]).data) },
      bias: Float32Array.of(0.1, 0.2, 0.3, 0.4),
      stride: { height: 2, width: 3 },
      dilation: { height: 1, width: 2 },
      padding: { top: 1, bottom: 1, left: 2, right: 0 },
      groups: 2,
    };
    // Weights are single precision here.
    expectValues(convolution, [5, 6, 4], pytorch.conv, 5);
  });

  const pool: Pool = {
    kind: 'pool',
    reduce: 'average',
    window: { height: 3, width: 2 },
    stride: square(2),
    padding: evenPadding(1),
    roundUp: true,
    includePadding: false,
  };

  it('on pools that round up', () => {
    expectValues({ ...pool, reduce: 'max', window: square(3) }, [5, 6, 4], pytorch.max);
    expectValues(pool, [4, 5, 1], pytorch.avgExclude);
    expectValues({ ...pool, includePadding: true }, [4, 5, 1], pytorch.avgInclude);
  });

  it('on local response normalisation', () => {
    const operator: Operator = {
      kind: 'localResponseNormalisation',
      size: 3,
      alpha: 0.5,
      beta: 0.75,
      bias: 2,
    };
    expectValues(operator, [1, 1, 6], pytorch.lrnTorch);
  });

  it('on the order of elements in flatten and reshape', () => {
    expectValues({ kind: 'flatten', order: 'chw' }, [2, 2, 3], pytorch.flatten);
    expectValues({ kind: 'reshape', order: 'chw', shape: [2, 2, 3] }, [12], pytorch.reshape);
  });

  it('on softmax', () => {
    expectValues({ kind: 'softmax' }, [2, 3], pytorch.softmax);
  });

  const functions: readonly [ActivationFunction, number, number][] = [
    ['relu', 0, 0],
    ['relu6', 0, 0],
    ['leakyRelu', 0.1, 0],
    ['elu', 1.5, 0],
    ['sigmoid', 0, 0],
    ['hardSigmoid', 1 / 6, 0.5],
    ['tanh', 0, 0],
    ['softplus', 0, 0],
    ['swish', 0, 0],
    ['hardSwish', 0, 0],
  ];

  it.each(functions)('on %s', (name, alpha, beta) => {
    const points = valueOf(
      [12],
      Array.from({ length: 12 }, (_, index) => index - 4),
    );
    const { data } = runReferenceOperator(activation(name, alpha, beta), [points]);
    data.forEach((value, index) =>
      expect(value).toBeCloseTo(pytorch[name as keyof typeof pytorch][index] ?? NaN, 9),
    );
  });
});

describe('the reference executor, against published numbers and closed forms', () => {
  const known: readonly [ActivationFunction, number, number, number, number][] = [
    // Φ(1) and Φ(−2) from tables of the normal distribution.
    ['gelu', 0, 0, 1, 0.8413447461],
    ['gelu', 0, 0, -2, -2 * 0.0227501319],
    // torch.nn.functional.gelu(approximate='tanh') and mish, PyTorch 2.
    ['geluTanh', 0, 0, 1, 0.8411919906],
    ['mish', 0, 0, 1, 0.8650983883],
    ['erf', 0, 0, 0.5, 0.5204998778],
    ['erf', 0, 0, -1, -0.8427007929],
    ['selu', 1.6732632423543772, 1.0507009873554805, -1, -1.1113307378],
    ['clip', -1, 2, 5, 2],
    ['clip', -Infinity, 2, -5, -5],
    ['softsign', 0, 0, -3, -0.75],
  ];

  it.each(known)('%s (%d, %d) of %d', (name, alpha, beta, x, y) => {
    const { data } = runReferenceOperator(activation(name, alpha, beta), [valueOf([1], [x])]);
    expect(data[0]).toBeCloseTo(y, 9);
  });

  it('resizes as the examples of ONNX do', () => {
    // Resize of [[1, 2], [3, 4]] to 4×4, and of 4×4 by 0.6, from the operator's test data.
    const ramp = valueOf([2, 2, 1], [1, 2, 3, 4]);
    const up = { kind: 'resize', size: square(4), scale: square(2), rounding: 'halfDown' } as const;
    const linear = runReferenceOperator({ ...up, method: 'linear', coordinates: 'halfPixel' }, [ramp]);
    expect([...linear.data]).toEqual([
      ...[1, 1.25, 1.75, 2],
      ...[1.5, 1.75, 2.25, 2.5],
      ...[2.5, 2.75, 3.25, 3.5],
      ...[3, 3.25, 3.75, 4],
    ]);
    const nearest = runReferenceOperator({ ...up, method: 'nearest', coordinates: 'halfPixel' }, [ramp]);
    expect([...nearest.data]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
    const grid = valueOf([4, 4, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    const down = { ...up, size: square(2), scale: square(0.6) };
    const less = runReferenceOperator({ ...down, method: 'linear', coordinates: 'halfPixel' }, [grid]);
    [2.6666665, 4.3333331, 9.3333321, 11].forEach((value, at) => expect(less.data[at]).toBeCloseTo(value, 5));
  });

  it('shuffles channels as ShuffleNet does', () => {
    const image = valueOf([1, 1, 6], [0, 1, 2, 3, 4, 5]);
    const steps: readonly Operator[] = [
      { kind: 'reshape', shape: [2, 3, 1, 1], order: 'chw' },
      { kind: 'transpose', permutation: [1, 0, 2, 3] },
      { kind: 'reshape', shape: [1, 1, 6], order: 'chw' },
    ];
    const { data } = steps.reduce((value, step) => runReferenceOperator(step, [value]), image);
    expect([...data]).toEqual([0, 3, 1, 4, 2, 5]);
  });
});

describe('the reference executor', () => {
  it('looks further ahead than back where the window of local normalisation is even', () => {
    const operator: Operator = { kind: 'localResponseNormalisation', size: 4, alpha: 4, beta: 1, bias: 1 };
    const { data } = runReferenceOperator(operator, [valueOf([5], [1, 1, 1, 1, 1])]);
    // Channel c sees c − 1 … c + 2, cut at the ends.
    expect([...data]).toEqual([1 / 4, 1 / 5, 1 / 5, 1 / 4, 1 / 3]);
  });

  it('reads back what flatten wrote', () => {
    const image = wave([3, 4, 5]);
    const flat = runReferenceOperator({ kind: 'flatten', order: 'chw' }, [image]);
    expect(runReferenceOperator({ kind: 'reshape', order: 'chw', shape: [3, 4, 5] }, [flat])).toEqual(image);
  });

  it('surrounds with the padding value', () => {
    const operator: Operator = { kind: 'pad', padding: { top: 1, bottom: 0, left: 0, right: 1 }, value: 9 };
    const { shape, data } = runReferenceOperator(operator, [valueOf([1, 2, 1], [1, 2])]);
    expect([shape, [...data]]).toEqual([
      [2, 3, 1],
      [9, 9, 9, 1, 2, 9],
    ]);
  });

  it('stretches extents of 1 and missing axes', () => {
    const image = valueOf([2, 1, 2], [1, 2, 3, 4]);
    const { data } = runReferenceOperator({ kind: 'multiply' }, [image, valueOf([2], [10, 100])]);
    expect([...data]).toEqual([10, 200, 30, 400]);
  });

  it('joins values along any axis', () => {
    const [a, b] = [valueOf([1, 2], [1, 2]), valueOf([1, 2], [3, 4])];
    expect([...runReferenceOperator({ kind: 'concat', axis: 0 }, [a, b]).data]).toEqual([1, 2, 3, 4]);
    const c = valueOf([2, 1], [5, 6]);
    const d = valueOf([2, 2], [1, 2, 3, 4]);
    expect([...runReferenceOperator({ kind: 'concat', axis: 1 }, [c, d]).data]).toEqual([5, 1, 2, 6, 3, 4]);
  });
});
