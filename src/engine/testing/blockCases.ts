import type { Conv2d, GraphNode, Padding, Shape } from '../../network/graph';
import {
  activation,
  evenPadding,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomConvolution,
  randomTensor,
  seededNumbers,
  square,
} from '../../network/testing/builders';
import { caseOf, type OperatorCase } from './operatorCase';

/** Blocks in the forms in which convolutions, sum and activation may become one step. */
export function blockCases(): OperatorCase[] {
  return [...wholeCases(), ...factorCases()];
}

/** A layer's two factors with all that may follow them, in forms that become one step and in forms that do not. */
function factorCases(): OperatorCase[] {
  const numbers = seededNumbers(29);
  const flat = (vertical: number, horizontal: number): Padding => {
    return { top: vertical, bottom: vertical, left: horizontal, right: horizontal };
  };
  const spatial = (inputs: number, rank: number, outputs: number, step = 1, groups = 1) => [
    randomConvolution(numbers, {
      ...{ kernel: { height: 3, width: 1 }, inputs, outputs: rank, groups, padding: flat(1, 0), bias: false },
      stride: { height: step, width: 1 },
    }),
    randomConvolution(numbers, {
      ...{ kernel: { height: 1, width: 3 }, inputs: rank, outputs, groups, padding: flat(0, 1) },
      stride: { height: 1, width: step },
    }),
  ];
  const channel = (inputs: number, rank: number, outputs: number, size = 3) => [
    randomConvolution(numbers, {
      ...{ kernel: square(size), inputs, outputs: rank, padding: evenPadding(size >> 1), bias: false },
    }),
    randomConvolution(numbers, { kernel: square(1), inputs: rank, outputs }),
  ];
  const block = (name: string, input: Shape, [first, second]: readonly Conv2d[], sums = false) => {
    const outputs = second!.kernel.shape[3] ?? 0;
    const nodes = [
      nodeOf('first', ['image'], first!),
      nodeOf('second', ['first:0'], second!),
      nodeOf('norm', ['second:0'], randomBatchNorm(numbers, outputs)),
      ...(sums ? [nodeOf('sum', ['norm:0', 'image'], { kind: 'add' as const })] : []),
      nodeOf('end', [sums ? 'sum:0' : 'norm:0'], activation('relu')),
    ];
    return caseOf(`factors: ${name}`, networkOf(input, nodes), 1, 3);
  };
  return [
    block('spatial, batch norm, relu', [9, 10, 16], spatial(16, 11, 24)),
    block('spatial, batch norm, sum, relu', [8, 8, 16], spatial(16, 5, 16), true),
    block('spatial, strided', [9, 11, 16], spatial(16, 7, 32, 2)),
    block('spatial, of a colour image', [9, 10, 3], spatial(3, 2, 16)),
    block('spatial, outputs that fill no vectors, sum', [6, 7, 10], spatial(10, 4, 10), true),
    block('spatial, grouped, sum', [6, 7, 16], spatial(16, 8, 16, 1, 2), true),
    block('channel, batch norm, sum, relu', [9, 7, 16], channel(16, 6, 16), true),
    block('channel, 5×5', [9, 7, 4], channel(4, 3, 8, 5)),
    block('of a 1×1 convolution, sum', [5, 3, 24], channel(24, 5, 24, 1), true),
    block('of images of one pixel', [1, 1, 16], spatial(16, 5, 16), true),
  ];
}

function wholeCases(): OperatorCase[] {
  const numbers = seededNumbers(23);
  const convolution = (inputs: number, outputs: number) =>
    randomConvolution(numbers, { kernel: square(3), inputs, outputs, padding: evenPadding(1) });
  const branch = (channels: number) => [
    nodeOf('conv', ['image'], convolution(channels, channels)),
    nodeOf('norm', ['conv:0'], randomBatchNorm(numbers, channels)),
  ];
  const block = (name: string, input: Shape, nodes: readonly GraphNode[]) =>
    caseOf(`block: ${name}`, networkOf(input, [...nodes]), 1, 3);
  const sum = (...inputs: string[]) => nodeOf('sum', inputs, { kind: 'add' });
  const epilogue = (name: 'relu' | 'relu6' | 'swish') => nodeOf('end', ['sum:0'], activation(name));
  const constant = nodeOf('constant', [], {
    kind: 'constant',
    value: randomTensor(numbers, [1, 1, 16], 1),
  });
  const projection = randomConvolution(numbers, { kernel: square(1), inputs: 16, outputs: 16 });
  return [
    block('sum without activation', [8, 8, 16], [...branch(16), sum('norm:0', 'image')]),
    block('sum and relu', [8, 4, 16], [...branch(16), sum('image', 'norm:0'), epilogue('relu')]),
    block(
      'sum and relu6, no whole tiles',
      [7, 5, 16],
      [...branch(16), sum('norm:0', 'image'), epilogue('relu6')],
    ),
    block('sum and swish', [4, 4, 16], [...branch(16), sum('norm:0', 'image'), epilogue('swish')]),
    block('few channels', [6, 6, 4], [...branch(4), sum('image', 'norm:0'), epilogue('relu')]),
    block(
      'a constant per channel',
      [5, 8, 16],
      [constant, ...branch(16), sum('norm:0', 'constant:0'), epilogue('relu')],
    ),
    block(
      'the shortcut after the branch',
      [6, 8, 16],
      [...branch(16), nodeOf('project', ['image'], projection), sum('norm:0', 'project:0'), epilogue('relu')],
    ),
    block(
      'three values',
      [8, 8, 16],
      [
        nodeOf('project', ['image'], projection),
        ...branch(16),
        sum('project:0', 'norm:0', 'image'),
        epilogue('relu'),
      ],
    ),
  ];
}
