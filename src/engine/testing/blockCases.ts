import type { GraphNode, Shape } from '../../network/graph';
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

/** Residual blocks in the forms in which convolution, sum and activation may become one step. */
export function blockCases(): OperatorCase[] {
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
