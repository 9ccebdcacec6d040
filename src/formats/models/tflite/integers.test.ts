import { ByteBuffer } from 'flatbuffers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLiteRtProgram } from '../../../../cli/liteRtProgram';
import { scoresIn, startLiteRt, type LiteRtRuntime } from '../../../../workers/service/liteRt';
import { greatest, least } from '../../../linalg/extremes';
import type { GraphNode, Network, Operator } from '../../../network/graph';
import { asSigned } from '../../../network/stored';
import {
  activation,
  evenPadding,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork } from '..';
import { BuiltinOperator, Model, TensorType } from './generated/tflite';
import { writeTflite } from './write';

const numbers = seededNumbers(31);
const same = { kernel: square(3), padding: evenPadding(1) } as const;
const maximum: Operator = {
  ...{ kind: 'pool', reduce: 'max', window: square(2), stride: square(2) },
  ...{ padding: evenPadding(0), roundUp: false, includePadding: false },
};
const input = fixtureInput(192);

type Layer = readonly [name: string, inputs: readonly string[], operator: Operator | 'rounding'];

/** Inputs by name of the node that writes them. */
const layers: readonly Layer[] = [
  ['q0', [], 'rounding'],
  ['first', ['q0'], randomConvolution(numbers, { ...same, inputs: 3, outputs: 8 })],
  ['norm', ['first'], randomBatchNorm(numbers, 8)],
  ['relu', ['norm'], activation('relu')],
  ['q1', ['relu'], 'rounding'],
  ['pool', ['q1'], maximum],
  ['second', ['pool'], randomConvolution(numbers, { ...same, inputs: 8, outputs: 8, groups: 8 })],
  ['q2', ['second'], 'rounding'],
  ['third', ['q2'], randomConvolution(numbers, { kernel: square(1), inputs: 8, outputs: 8 })],
  ['q3', ['third'], 'rounding'],
  ['sum', ['q2', 'q3'], { kind: 'add' }],
  ['relu6', ['sum'], activation('relu6')],
  ['q4', ['relu6'], 'rounding'],
  ['strided', ['q4'], randomConvolution(numbers, { ...same, inputs: 8, outputs: 12, stride: square(2) })],
  ['q5', ['strided'], 'rounding'],
  ['mean', ['q5'], { kind: 'globalPool', reduce: 'average', keepDimensions: false }],
  ['q6', ['mean'], 'rounding'],
  ['scores', ['q6'], randomDense(numbers, 12, 5)],
  ['q7', ['scores'], 'rounding'],
  ['softmax', ['q7'], { kind: 'softmax' }],
];

/** Every rounding to levels of the values that it meets on the input; weights in int8. */
function quantised(type: 'int8' | 'uint8'): Network {
  const nodes: GraphNode[] = [];
  for (const [name, inputs, operator] of layers) {
    const reads = inputs.length === 0 ? ['image'] : inputs.map((from) => `${from}:0`);
    nodes.push(
      nodeOf(name, reads, operator === 'rounding' ? roundingOf(nodes, reads[0]!, type) : stored(operator)),
    );
  }
  return networkOf([8, 8, 3], nodes);
}

function roundingOf(before: readonly GraphNode[], value: string, type: 'int8' | 'uint8'): Operator {
  const values =
    before.length === 0 ? input : referenceScores(networkOf([8, 8, 3], before, [value]), input).data;
  const [low, high] = [Math.min(0, least(values)), Math.max(0, greatest(values))];
  const scale = Math.fround((high - low) / 255);
  const zeroPoint = Math.round(-low / scale) - (type === 'int8' ? 128 : 0);
  return { kind: 'quantise', type, scale, zeroPoint };
}

function stored(operator: Operator): Operator {
  if (operator.kind === 'conv2d') return { ...operator, kernel: asSigned(operator.kernel) };
  return operator.kind === 'dense' ? { ...operator, weights: asSigned(operator.weights) } : operator;
}

function operatorsIn(file: Uint8Array) {
  const model = Model.getRootAsModel(new ByteBuffer(file)).unpack();
  const { operators, tensors } = model.subgraphs[0]!;
  return operators.map(({ opcodeIndex, outputs }) => [
    BuiltinOperator[model.operatorCodes[opcodeIndex]!.builtinCode],
    TensorType[tensors[outputs[0]!]!.type],
  ]);
}

describe('networks whose values are on levels', () => {
  let liteRt: LiteRtRuntime;
  beforeAll(async () => {
    liteRt = await startLiteRt(loadLiteRtProgram);
  });
  afterAll(() => liteRt.stop());

  it('are written in whole numbers from end to end, numbers outside of them alone', () => {
    expect(operatorsIn(writeTflite(quantised('int8')))).toEqual([
      ['QUANTIZE', 'INT8'],
      ['CONV_2D', 'INT8'],
      ['MAX_POOL_2D', 'INT8'],
      ['DEPTHWISE_CONV_2D', 'INT8'],
      ['CONV_2D', 'INT8'],
      ['ADD', 'INT8'],
      ['PAD', 'INT8'],
      ['CONV_2D', 'INT8'],
      ['MEAN', 'INT8'],
      ['FULLY_CONNECTED', 'INT8'],
      ['DEQUANTIZE', 'FLOAT32'],
      ['SOFTMAX', 'FLOAT32'],
    ]);
  });

  it.each(['int8', 'uint8'] as const)('%s: LiteRT answers as they do within a level or two', async (type) => {
    const network = quantised(type);
    const logits = { ...network, outputs: ['q7:0'] };
    const last = network.nodes.find(({ name }) => name === 'q7')!.operator;
    const level = last.kind === 'quantise' ? last.scale : 0;
    const expected = referenceScores(logits, input).data;
    const file = writeTflite(logits);
    const found = await scoresIn(liteRt, file, { values: input, count: 1, shape: [8, 8, 3] });
    expect(largestDifference(found, expected)).toBeLessThan(2.5 * level);
    const again = await readNetwork([{ name: 'a.tflite', bytes: file }]);
    const read = referenceScores(again, input).data;
    // The bias is on steps of its own there.
    expect(largestDifference(read, expected)).toBeLessThan(2.5 * level);
    expect(again.nodes.filter(({ operator }) => operator.kind === 'quantise')).toHaveLength(8);
    expect(largestDifference(read, found)).toBeLessThan(2.5 * level);
  });
});
