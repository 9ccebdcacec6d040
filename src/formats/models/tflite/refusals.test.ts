import { Builder, ByteBuffer } from 'flatbuffers';
import { describe, expect, it } from 'vitest';
import type { Network, Operator } from '../../../network/graph';
import {
  activation,
  chainOf,
  networkOf,
  nodeOf,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../../network/testing/builders';
import { unsupportedNodes } from '../../../network/validate';
import { sentenceOf } from '../../testing/sentences';
import { readNetwork } from '..';
import type { Conv2DOptionsT, FullyConnectedOptionsT, OperatorT, SoftmaxOptionsT } from './generated/tflite';
import {
  ActivationFunctionType,
  AddOptionsT,
  BuiltinOperator,
  Model,
  OperatorCodeT,
  QuantizationParametersT,
  SplitOptionsT,
  TensorType,
  type ModelT,
  type TensorT,
} from './generated/tflite';
import { FileBuilder } from './testing/building';
import { changedFile } from './testing/changing';
import { writeTflite } from './write';
import { WriteContext } from './writing/context';

const numbers = seededNumbers(3);
const network = chainOf(
  [6, 6, 2],
  [
    randomConvolution(numbers, { kernel: square(3), inputs: 2, outputs: 4 }),
    activation('relu'),
    { kind: 'flatten', order: 'hwc' },
    randomDense(numbers, 64, 3),
    { kind: 'softmax' },
  ],
);
const graphOf = (model: ModelT) => model.subgraphs[0]!;
const tensorNamed = (model: ModelT, name: string) =>
  graphOf(model).tensors.find((tensor) => tensor.name === name)!;
const read = (bytes: Uint8Array) => readNetwork([{ name: 'a.tflite', bytes }]);
const refusal = (change: (model: ModelT) => void) => sentenceOf(() => read(changedFile(network, change)));
const bytes = writeTflite(network);

/** Why nodes of a changed file cannot be computed. */
async function reasons(change: (model: ModelT) => void, of = network): Promise<readonly string[]> {
  return unsupportedNodes(await read(changedFile(of, change))).map(({ message }) => message);
}

describe('files of TensorFlow Lite that are refused as a whole', () => {
  it('where they are none, or two', async () => {
    const text = new TextEncoder().encode('hello');
    expect(await sentenceOf(() => read(text))).toBe(
      'a.tflite: expected a TensorFlow Lite network, found plain text; convert it again.',
    );
    const files = ['a.tflite', 'b.tflite'].map((name) => ({ name, bytes }));
    expect(await sentenceOf(() => readNetwork(files))).toBe(
      'Expected one network, found 2: a.tflite and b.tflite; choose one of them.',
    );
  });

  it('where they are cut off, wherever the cut is', async () => {
    for (const share of [0.01, 0.1, 0.3, 0.6, 0.9, 0.99]) {
      const cut = bytes.slice(0, Math.max(12, Math.floor(share * bytes.length)));
      expect(await sentenceOf(() => read(cut))).toMatch(
        /^a\.tflite: expected \d+ bytes at -?\d+, found (\d+ left|a place outside of the file's \d+); it is cut off or damaged, copy or convert it again\.$/,
      );
    }
  });

  it('where lists share their bytes, so that a small file would become a large network', async () => {
    const shared = changedFile(network, (model) => {
      const { tensors } = graphOf(model);
      const [tensor] = tensors as [TensorT];
      tensor.shape = Array<number>(2000).fill(1);
      const pack = tensor.pack.bind(tensor);
      let place: number | null = null;
      tensor.pack = (builder) => (place ??= pack(builder));
      for (let count = 0; count < 1000; count++) tensors.push(tensor);
    });
    expect(await sentenceOf(() => read(shared))).toBe(
      'a.tflite: expected lists that lie apart from each other, found some that share their bytes; convert the network again.',
    );
  });

  it.each<[string, (model: ModelT) => void, string]>([
    [
      'another version',
      (model) => (model.version = 2),
      'expected version 3 of the format, found 2; convert the network again.',
    ],
    [
      'no network',
      (model) => (model.subgraphs = []),
      'expected a network, found a file without any; convert it again.',
    ],
    [
      'a tensor that is not there',
      (model) => (graphOf(model).operators[0]!.inputs[0] = 99),
      'CONV_2D: expected tensors 0 to 9, found number 99; convert the network again.',
    ],
    [
      'a kind of operator that is not there',
      (model) => (graphOf(model).operators[0]!.opcodeIndex = 9),
      'expected one of 4 kinds of operators, found number 9; convert the network again.',
    ],
    [
      'an operator without a result',
      (model) => (graphOf(model).operators[0]!.outputs = []),
      'CONV_2D: expected an operator that answers something, found none; convert the network again.',
    ],
    [
      'a tensor that is written twice',
      (model) => (graphOf(model).operators[1]!.outputs = graphOf(model).operators[0]!.outputs),
      'tensor "conv2d0": expected every tensor to be given once, found it as a constant or an output twice; convert the network again.',
    ],
    [
      'a buffer that is not there',
      (model) => (tensorNamed(model, 'conv2d0/kernel').buffer = 77),
      'tensor "conv2d0/kernel": expected one of 6 buffers, found number 77; convert the network again.',
    ],
    [
      'a buffer outside of the file',
      (model) => (model.buffers[1]!.offset = 2n ** 40n),
      /^buffer 1: expected 0 bytes at 1099511627776, found a file of \d+; copy it again\.$/.source,
    ],
    [
      'weights of another size',
      (model) => (tensorNamed(model, 'conv2d0/kernel').shape = [4, 3, 3, 3]),
      'tensor "conv2d0/kernel": expected FLOAT32 4×3×3×3, found 288 bytes; convert the network again.',
    ],
    [
      'too few scales',
      (model) => {
        const steps = new QuantizationParametersT([], [], [1, 2], [0n, 0n], 0, null, 0);
        tensorNamed(model, 'conv2d0/kernel').quantization = steps;
      },
      'tensor "conv2d0/kernel": expected one scale and zero point for all numbers, or one per channel, found 2 and 2; convert the network again.',
    ],
    [
      'an input in whole numbers',
      (model) => (tensorNamed(model, 'image').type = TensorType.UINT8),
      'input "image": expected numbers in FLOAT32, or levels with a scale, found UINT8; convert the network with inputs in float32.',
    ],
    [
      'two inputs',
      (model) => graphOf(model).inputs.push(graphOf(model).outputs[0]!),
      'tensor "softmax4": expected every tensor to be given once, found it as a constant or an output twice; convert the network again.',
    ],
    [
      'very many operators',
      (model) => {
        const [first] = graphOf(model).operators as [OperatorT];
        graphOf(model).operators = Array<OperatorT>(20_001).fill(first);
      },
      'expected at most 20,000 operators, found more; save a smaller network.',
    ],
  ])('with %s', async (_, change, expected) => {
    const sentence = await refusal(change);
    if (expected.startsWith('^')) expect(sentence.replace('a.tflite: ', '')).toMatch(new RegExp(expected));
    else expect(sentence).toBe(`a.tflite: ${expected}`);
  });
});

describe('operators of TensorFlow Lite that cannot be computed', () => {
  const code =
    (name: keyof typeof BuiltinOperator, custom: string | null = null) =>
    (model: ModelT) => {
      model.operatorCodes[0] = new OperatorCodeT(
        Math.min(BuiltinOperator[name], 127),
        custom,
        1,
        BuiltinOperator[name],
      );
    };
  const options = (at: number, change: (options: never) => void) => (model: ModelT) =>
    change(graphOf(model).operators[at]!.builtinOptions as never);

  const levels = (name: string, scale: number, zero: number) => (model: ModelT) => {
    const tensor = tensorNamed(model, name);
    tensor.type = TensorType.INT8;
    tensor.quantization = new QuantizationParametersT([], [], [scale], [BigInt(zero)], 0, null, 0);
  };

  it.each<[string, (model: ModelT) => void, string]>([
    [
      'one that the studio does not know',
      code('TRANSPOSE_CONV'),
      '(TRANSPOSE_CONV) is not supported: it works on volumes, makes images larger or bends them; convert the part of the network that classifies.',
    ],
    [
      'a custom one',
      code('CUSTOM', 'Bend'),
      '(Bend) is not supported: the studio does not know this operator; convert',
    ],
    [
      'an unknown number',
      (model) => (model.operatorCodes[0]!.builtinCode = 9999 as BuiltinOperator),
      '(operator 9999) is not supported: the studio does not know this operator;',
    ],
    [
      'a fused activation that is not known',
      options(0, (own: Conv2DOptionsT) => (own.fusedActivationFunction = ActivationFunctionType.TANH)),
      '(CONV_2D) is not supported: its fused activation is not one that runtimes compute; convert the network again.',
    ],
    [
      'strides of nothing',
      options(0, (own: Conv2DOptionsT) => (own.strideW = 0)),
      'its strides are [1, 1, 0, 1], expected [1, height, width, 1].',
    ],
    [
      'values in whole numbers',
      (model) => (tensorNamed(model, 'conv2d0').type = TensorType.INT8),
      'its values are stored as INT8; the studio computes in float32 and in levels of a byte, so convert the network in one of them.',
    ],
    ['levels without a scale', levels('conv2d0', 0, 0), 'its scale is 0, expected a positive number.'],
    ['levels beyond a byte', levels('conv2d0', 0.5, 300), 'its zero point is 300, expected a level of int8.'],
    [
      'shuffled weights',
      options(2, (own: FullyConnectedOptionsT) => (own.weightsFormat = 1)),
      'its weights are shuffled for one kind of processor; convert the network again.',
    ],
    [
      'weights for another input',
      (model) => {
        tensorNamed(model, 'dense3/weights').shape = [6, 32];
        graphOf(model).operators[2]!.inputs[0] = graphOf(model).operators[0]!.outputs[0]!;
      },
      'it reads 4×4×4 where its weights take 32, which does not keep images apart.',
    ],
    [
      'weights of three axes',
      (model) => (tensorNamed(model, 'dense3/weights').shape = [1, 3, 64]),
      'its weights are 1×3×64, expected two axes.',
    ],
    [
      'a softmax of another beta',
      options(3, (own: SoftmaxOptionsT) => (own.beta = 2)),
      'its beta is 2; the studio computes softmax with 1.',
    ],
  ])('with %s', async (_, change, expected) => {
    expect((await reasons(change)).join('\n')).toContain(expected);
  });

  it('a split whose parts are on different levels', async () => {
    const builder = new FileBuilder([1, 4]);
    const parts = builder.add(
      'SPLIT',
      [builder.integer(1), builder.input],
      [
        [1, 2],
        [1, 2],
      ],
      new SplitOptionsT(2),
    );
    const sum = builder.add('ADD', [parts, parts + 1], [1, 2], new AddOptionsT(0));
    const model = Model.getRootAsModel(new ByteBuffer(builder.file(sum))).unpack();
    for (const index of [parts, parts + 1]) {
      const tensor = graphOf(model).tensors[index]!;
      tensor.type = TensorType.INT8;
      tensor.quantization = new QuantizationParametersT([], [], [index], [0n], 0, null, 0);
    }
    const packed = new Builder(1024);
    packed.finish(model.pack(packed), 'TFL3');
    const [message] = unsupportedNodes(await read(packed.asUint8Array())).map((node) => node.message);
    expect(message).toContain('(SPLIT) is not supported: its values are rounded to different levels.');
  });

  it('a depthwise kernel that does not fit', async () => {
    const depthwise = chainOf(
      [6, 6, 4],
      [randomConvolution(numbers, { kernel: square(3), inputs: 4, outputs: 4, groups: 4 })],
    );
    const change = (model: ModelT) => (tensorNamed(model, 'conv2d0/kernel').shape = [1, 3, 4, 3]);
    expect((await reasons(change, depthwise)).join()).toContain(
      'its kernel is 1×3×4×3, which does not fit 4 channels.',
    );
  });
});

describe('layers that TensorFlow Lite has no word for', () => {
  const resize = (more: object): Operator => ({
    ...{ kind: 'resize', method: 'nearest', size: { height: 8, width: 8 }, scale: { height: 2, width: 2 } },
    ...({ coordinates: 'asymmetric', rounding: 'floor' } as const),
    ...more,
  });
  it.each<[Operator, string]>([
    [activation('erf'), 'the format has no error function'],
    [
      { kind: 'localResponseNormalisation', size: 4, alpha: 1, beta: 1, bias: 1 },
      'it normalises over 4 channels, and the format over odd numbers',
    ],
    [resize({ rounding: 'ceil' }), 'it takes the nearest pixel by ceil where the format takes floor'],
    [
      resize({ scale: { height: 2.1, width: 2 } }),
      'its scale is not that of its sizes, and the format goes by the sizes alone',
    ],
    [
      resize({
        coordinates: 'pytorchHalfPixel',
        size: { height: 1, width: 1 },
        scale: { height: 0.25, width: 0.25 },
      }),
      'it places the one pixel that is left as PyTorch does',
    ],
  ])('are refused by name: %s', (operator, reason) => {
    const [node] = chainOf([4, 4, 2], [operator]).nodes;
    expect(() => writeTflite(chainOf([4, 4, 2], [operator]))).toThrow(
      `Layer "${node!.name}" cannot be written for TensorFlow Lite: ${reason}; choose ONNX.`,
    );
  });

  it('and so are constants that are joined to what is computed', () => {
    const value = { shape: [2], data: Float32Array.of(1, 2) };
    const joined: Network = networkOf(
      [4],
      [
        nodeOf('two', [], { kind: 'constant', value }),
        nodeOf('all', ['image', 'two:0'], { kind: 'concat', axis: 0 }),
      ],
    );
    expect(() => writeTflite(joined)).toThrow(
      'all: expected values that are computed, found the constant "two:0"; write ONNX.',
    );
  });

  it('and so are values that no node writes', () => {
    expect(() => new WriteContext(network).shape('ghost')).toThrow(
      'Expected a value of known shape, found "ghost" without; open the network again.',
    );
  });
});
