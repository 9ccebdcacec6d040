import { describe, expect, it } from 'vitest';
import type { Network } from '../../../network/graph';
import { floatToHalf } from '../../../network/half';
import {
  activation,
  chainOf,
  evenPadding,
  randomBatchNorm,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { sentenceOf } from '../../testing/sentences';
import { readNetwork } from '..';
import {
  BufferT,
  BuiltinOperator,
  OperatorCodeT,
  OperatorT,
  QuantizationParametersT,
  TensorT,
  TensorType,
  type ModelT,
} from './generated/tflite';
import { changedFile } from './testing/changing';
import { writeTflite } from './write';

const numbers = seededNumbers(11);
const network: Network = {
  ...chainOf(
    [6, 6, 3],
    [
      randomConvolution(numbers, {
        kernel: square(3),
        inputs: 3,
        outputs: 4,
        stride: square(2),
        padding: evenPadding(1),
      }),
      randomBatchNorm(numbers, 4),
      activation('relu'),
      { kind: 'pool', reduce: 'max', window: square(3), stride: square(2), padding: evenPadding(1) } as never,
      { kind: 'flatten', order: 'chw' },
      randomDense(numbers, 16, 3),
      { kind: 'softmax' },
    ],
  ),
  metadata: { 'enc.method': 'map', note: 'für dich' },
};
const kernelName = 'conv2d0/kernel';
const graphOf = (model: ModelT) => model.subgraphs[0]!;
const read = (bytes: Uint8Array, options = {}) => readNetwork([{ name: 'a.tflite', bytes }], options);
const kernelOf = ({ nodes }: Network) => {
  const { operator } = nodes.find(({ name }) => name === 'conv2d0')!;
  return operator.kind === 'conv2d' ? operator.kernel : null;
};
const kernelTensor = (model: ModelT) => graphOf(model).tensors.find(({ name }) => name === kernelName)!;
const bytesOf = (data: ArrayBufferView) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
/** The numbers of the kernel as the file has them, outputs first. */
const storedKernel = (model: ModelT) =>
  new Float32Array(Uint8Array.from(model.buffers[kernelTensor(model).buffer]!.data).buffer);

describe('files of TensorFlow Lite', () => {
  it('keep names, metadata and padding, and take batch norm and activation into the layer', async () => {
    const again = await read(writeTflite(network));
    expect(again.metadata).toEqual(network.metadata);
    expect(again.nodes.map(({ name, operator }) => [name, operator.kind])).toEqual([
      ['conv2d0', 'conv2d'],
      ['conv2d0/relu', 'activation'],
      ['pool3', 'pool'],
      ['flatten4', 'flatten'],
      ['dense5', 'dense'],
      ['softmax6', 'softmax'],
    ]);
    expect(again.nodes[0]!.operator).toMatchObject({ padding: evenPadding(1) });
    expect(again.nodes[2]!.operator).toMatchObject({ padding: evenPadding(1) });
    const input = fixtureInput(108);
    const [expected, found] = [network, again].map((own) => referenceScores(own, input).data);
    expect(largestDifference(found!, expected!)).toBeLessThan(1e-6);
    expect(again.source).toEqual({ format: 'tflite', batch: 'N' });
    const three = writeTflite({ ...network, source: { format: 'onnx', batch: 3 } });
    expect((await read(three)).source.batch).toBe(3);
  });

  it('may leave the size of images open', async () => {
    const open = changedFile(network, (model) => {
      graphOf(model).tensors[0]!.shapeSignature = [-1, -1, -1, 3];
    });
    expect(await sentenceOf(() => read(open))).toMatch(
      /^a\.tflite: input "image": expected a height and width, found/,
    );
    expect((await read(open, { inputSize: { height: 6, width: 6 } })).input.shape).toEqual([6, 6, 3]);
  });

  it('bear the names that converters give: the first of several, and none twice', async () => {
    const named = changedFile(network, (model) => {
      const { tensors } = graphOf(model);
      tensors.forEach((tensor) => (tensor.name = 'model/layer;model/other'));
      tensors[0]!.name = 'serving_default_image:0';
    });
    const again = await read(named);
    expect(again.input.name).toBe('image');
    expect(new Set(again.nodes.map(({ name }) => name)).size).toBe(again.nodes.length);
    expect(again.nodes.every(({ name }) => name.startsWith('model/layer'))).toBe(true);
  });
});

describe('weights in fewer bits become float32', () => {
  /** Stores the kernel in another way. */
  const withKernel = (
    type: TensorType,
    data: (kernel: Float32Array) => ArrayBufferView,
    scale: readonly number[] = [],
  ) =>
    changedFile(network, (model) => {
      const tensor = kernelTensor(model);
      model.buffers[tensor.buffer] = new BufferT(bytesOf(data(storedKernel(model))));
      tensor.type = type;
      if (scale.length > 0)
        tensor.quantization = new QuantizationParametersT(
          [],
          [],
          [...scale],
          scale.map(() => 3n),
          0,
          null,
          0,
        );
    });
  const original = async () => kernelOf(await read(writeTflite(network)))!.data;

  it('float16 behind a DEQUANTIZE, as converters write it', async () => {
    const file = changedFile(network, (model) => {
      const tensor = kernelTensor(model);
      const { tensors, operators } = graphOf(model);
      model.buffers[tensor.buffer] = new BufferT(bytesOf(Uint16Array.from(storedKernel(model), floatToHalf)));
      tensor.type = TensorType.FLOAT16;
      model.operatorCodes.push(new OperatorCodeT(6, null, 1, BuiltinOperator.DEQUANTIZE));
      tensors.push(new TensorT([...tensor.shape], TensorType.FLOAT32, 0, 'kernel in float32'));
      const layer = operators.find(({ inputs }) => inputs.includes(tensors.indexOf(tensor)))!;
      const stored = layer.inputs[1]!;
      layer.inputs[1] = tensors.length - 1;
      operators.unshift(new OperatorT(model.operatorCodes.length - 1, [stored], [tensors.length - 1]));
    });
    const kernel = kernelOf(await read(file))!;
    expect(largestDifference(kernel.data, await original())).toBeLessThan(1e-3);
    expect(kernel.data).not.toEqual(await original());
  });

  it('bfloat16', async () => {
    const file = withKernel(TensorType.BFLOAT16, (kernel) => {
      const words = new Uint32Array(kernel.buffer);
      return Uint16Array.from(words, (word) => word >>> 16);
    });
    expect(largestDifference(kernelOf(await read(file))!.data, await original())).toBeLessThan(1e-2);
  });

  it('float64', async () => {
    const file = withKernel(TensorType.FLOAT64, (kernel) => Float64Array.from(kernel));
    expect(kernelOf(await read(file))!.data).toEqual(await original());
  });

  it.each([
    ['int8 with a step for every output', TensorType.INT8, Int8Array],
    ['uint8', TensorType.UINT8, Uint8Array],
    ['int16', TensorType.INT16, Int16Array],
    ['int32', TensorType.INT32, Int32Array],
  ] as const)('%s', async (_, type, Numbers) => {
    const steps = [0.5, 0.25, 0.125, 2];
    const file = withKernel(type, (kernel) => new Numbers(kernel.map((__, index) => index % 100)), steps);
    const { data, shape } = kernelOf(await read(file))!;
    const [height, width, inputs, outputs] = shape as [number, number, number, number];
    const place = (at: number) => (at % outputs) * height * width * inputs + Math.floor(at / outputs);
    expect([...data]).toEqual(Array.from(data, (__, at) => ((place(at) % 100) - 3) * steps[at % outputs]!));
  });

  it('int4, two in a byte', async () => {
    const packed = (kernel: Float32Array) => new Uint8Array(kernel.length / 2).fill(0x1f);
    const file = withKernel(TensorType.INT4, packed, [1]);
    // The lower half is −1, the upper 1; the zero point is 3.
    expect(new Set(kernelOf(await read(file))!.data)).toEqual(new Set([-4, -2]));
  });
});
