import type { Operator, Shape } from '../../network/graph';
import {
  activation,
  arbitraryConvolution,
  arbitraryPool,
  chainOf,
  evenPadding,
  randomBatchNorm,
  randomConvolution,
  seededNumbers,
  square,
} from '../../network/testing/builders';
import { caseOf, chainCase, type OperatorCase } from './operatorCase';

/** Convolutions in the forms that backends are known to trip over. */
export function convolutionCases(): OperatorCase[] {
  const numbers = seededNumbers(11);
  const uneven = { top: 0, bottom: 1, left: 2, right: 1 };
  const base = { kernel: square(3), inputs: 4, outputs: 6 };
  const form = (options: object) => randomConvolution(numbers, { ...base, ...options });
  return [
    chainCase('convolution 3×3, same padding', [7, 8, 4], form({ padding: evenPadding(1) })),
    chainCase(
      'convolution 3×3 of many channels',
      [8, 12, 16],
      form({ inputs: 16, outputs: 16, padding: evenPadding(1) }),
    ),
    chainCase(
      'convolution 3×3 of many channels, no whole tiles, uneven padding',
      [7, 10, 12],
      form({ inputs: 12, outputs: 20, padding: uneven, bias: false }),
    ),
    chainCase(
      'convolution 3×3 of many channels down to one pixel',
      [3, 3, 32],
      form({ inputs: 32, outputs: 8 }),
    ),
    ...(['relu', 'relu6', 'swish'] as const).map((name) =>
      chainCase(
        `convolution 3×3 of many channels, batch norm, ${name}`,
        [6, 5, 16],
        form({ inputs: 16, outputs: 8, padding: evenPadding(1) }),
        randomBatchNorm(numbers, 8),
        activation(name),
      ),
    ),
    chainCase('convolution 1×1', [5, 6, 4], form({ kernel: square(1) })),
    chainCase('convolution 1×1, stride 2', [6, 7, 4], form({ kernel: square(1), stride: square(2) })),
    chainCase('convolution over the whole image', [3, 3, 4], form({})),
    chainCase('convolution with uneven padding', [7, 8, 4], form({ padding: uneven })),
    chainCase(
      "convolution padded like TensorFlow's SAME under stride 2",
      [8, 8, 4],
      form({ padding: { top: 0, bottom: 1, left: 0, right: 1 }, stride: square(2) }),
    ),
    chainCase(
      'convolution 3×1, vertical stride',
      [9, 7, 4],
      form({
        kernel: { height: 3, width: 1 },
        stride: { height: 2, width: 1 },
        padding: { top: 1, bottom: 1, left: 0, right: 0 },
      }),
    ),
    chainCase(
      'convolution 1×3, horizontal stride',
      [7, 9, 4],
      form({
        kernel: { height: 1, width: 3 },
        stride: { height: 1, width: 2 },
        padding: { top: 0, bottom: 0, left: 1, right: 1 },
      }),
    ),
    chainCase(
      'convolution with dilation',
      [9, 9, 4],
      form({ dilation: { height: 2, width: 3 }, padding: evenPadding(2) }),
    ),
    chainCase(
      'convolution with dilation and stride',
      [11, 10, 4],
      form({ dilation: square(2), stride: { height: 2, width: 3 }, padding: uneven }),
    ),
    chainCase('convolution with 2 groups', [6, 7, 4], form({ groups: 2, padding: evenPadding(1) })),
    chainCase(
      'convolution with 2 wide groups',
      [4, 5, 64],
      form({ inputs: 64, outputs: 64, groups: 2, padding: evenPadding(1) }),
    ),
    chainCase('depthwise convolution', [7, 8, 4], form({ outputs: 4, groups: 4, padding: evenPadding(1) })),
    chainCase(
      'depthwise convolution, stride 2, uneven padding',
      [9, 9, 8],
      form({ inputs: 8, outputs: 8, groups: 8, stride: square(2), padding: uneven }),
    ),
    chainCase(
      'depthwise convolution with 3 outputs per channel',
      [6, 6, 4],
      form({ outputs: 12, groups: 4, padding: evenPadding(1) }),
    ),
    chainCase(
      'depthwise convolution with dilation and stride',
      [9, 9, 4],
      form({ outputs: 4, groups: 4, dilation: square(2), stride: square(2), padding: evenPadding(2) }),
    ),
    chainCase(
      'convolution, batch norm, relu',
      [6, 6, 4],
      form({ padding: evenPadding(1) }),
      randomBatchNorm(numbers, 6),
      activation('relu'),
    ),
    chainCase(
      'depthwise convolution, batch norm, relu6',
      [6, 6, 4],
      form({ outputs: 4, groups: 4 }),
      randomBatchNorm(numbers, 4),
      activation('relu6'),
    ),
    chainCase(
      'grouped convolution, batch norm, swish',
      [6, 6, 4],
      form({ groups: 2 }),
      randomBatchNorm(numbers, 6),
      activation('swish'),
    ),
  ];
}

/** Seeded random convolutions and pools. */
export function randomCases(count: number): OperatorCase[] {
  return Array.from({ length: count }, (_, seed) => {
    const numbers = seededNumbers(1000 + seed);
    const { operator, input } = seed % 2 === 0 ? arbitraryConvolution(numbers) : arbitraryPool(numbers);
    return caseOf(
      `random ${operator.kind} ${seed}: ${formText(operator, input)}`,
      chainOf(input, [operator]),
      seed,
    );
  });
}

function formText(operator: Operator, input: Shape): string {
  const plain = JSON.stringify(operator, (key, value: unknown) =>
    key === 'bias' || key === 'data' ? undefined : value,
  );
  return `${input.join('×')} ${plain}`;
}

/** Pools in the forms that backends are known to trip over. */
export function poolCases(): OperatorCase[] {
  const base = {
    kind: 'pool' as const,
    window: square(3),
    stride: square(2),
    padding: evenPadding(1),
    roundUp: false,
    includePadding: false,
  };
  const uneven = { top: 0, bottom: 1, left: 1, right: 0 };
  const both = (name: string, input: Shape, options: object) =>
    (['max', 'average'] as const).map((reduce) =>
      chainCase(`${reduce} pool, ${name}`, input, { ...base, reduce, ...options }),
    );
  const global = (reduce: 'max' | 'average', keepDimensions: boolean) =>
    chainCase(`global ${reduce} pool, ${keepDimensions ? 'image' : 'vector'}`, [4, 5, 6], {
      kind: 'globalPool',
      reduce,
      keepDimensions,
    });
  return [
    ...both('3×3, stride 2, padding 1', [7, 8, 5], {}),
    ...both('uneven padding', [8, 8, 4], { padding: uneven }),
    ...both('uneven padding that counts', [8, 8, 4], { padding: uneven, includePadding: true }),
    ...both('rounding up', [8, 10, 4], { roundUp: true, padding: evenPadding(0) }),
    ...both('rounding up with padding that counts', [8, 10, 4], { roundUp: true, includePadding: true }),
    ...both('2×3 window', [6, 9, 4], { window: { height: 2, width: 3 }, padding: evenPadding(0) }),
    ...both('window of one pixel', [5, 7, 4], {
      window: square(1),
      padding: evenPadding(0),
      stride: { height: 2, width: 3 },
    }),
    ...both('window as large as the image', [4, 4, 4], { window: square(4), padding: evenPadding(0) }),
    ...[true, false].flatMap((keep) => [global('max', keep), global('average', keep)]),
    chainCase('global average pool of one pixel', [1, 1, 6], {
      kind: 'globalPool',
      reduce: 'average',
      keepDimensions: false,
    }),
  ];
}
