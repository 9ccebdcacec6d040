import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { referencePath } from '../../../../scripts/reference';
import type { Conv2d, Network, Operator, Pool, Shape } from '../../../network/graph';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import type { NamedFile } from '../../file';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork } from '..';
import { encodeMessage } from '../protobuf';
import { readCaffe } from './read';
import { netSchema } from './schema';
import { writeCaffe } from './write';

const textOf = ({ bytes }: NamedFile) => new TextDecoder().decode(bytes);
const text = (name: string, content: string): NamedFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});
const numbers = seededNumbers(3);

function written(network: Network): { caffemodel: NamedFile; prototxt: NamedFile } {
  const [caffemodel, prototxt] = writeCaffe(network);
  return { caffemodel: caffemodel!, prototxt: prototxt! };
}

function answersOf(network: Network): Float32Array {
  const size = network.input.shape.reduce((all, extent) => all * extent, 1);
  return Float32Array.from(referenceScores(network, fixtureInput(size)).data);
}

describe('rounding of pools', () => {
  const pool = (window: number, stride: number, padding = 0): Pool => ({
    ...{ kind: 'pool', reduce: 'max', window: square(window), stride: square(stride) },
    ...{ padding: evenPadding(padding), roundUp: false, includePadding: false },
  });
  const cases: readonly (readonly [string, Shape, Pool])[] = [
    ['28 to 14, as in the case', [28, 28, 2], pool(2, 2)],
    ['a window of 3 without gaps', [9, 9, 2], pool(3, 3)],
    ['stride 1 with padding', [6, 7, 2], pool(3, 1, 1)],
    ['7 to 3 with a stride of 2', [7, 7, 2], pool(3, 2)],
  ];

  it.each(cases)('is not mentioned where it changes nothing: %s', (_, input, operator) => {
    const network = chainOf(input, [operator]);
    const { caffemodel, prototxt } = written(network);
    expect(textOf(prototxt)).not.toMatch(/round_mode|ceil_mode/);
    expect(answersOf(readCaffe(prototxt, caffemodel))).toEqual(answersOf(network));
  });

  const found = referencePath('cases/caffe-round-mode/pool.onnx');
  it.skipIf(!found)('is not mentioned in the case', async () => {
    const bytes = new Uint8Array(readFileSync(found!));
    const { prototxt } = written(await readNetwork([{ name: 'pool.onnx', bytes }]));
    expect(textOf(prototxt)).toContain('type: "Pooling"');
    expect(textOf(prototxt)).not.toContain('round_mode');
  });

  it('is read in the spelling of OpenCV and of forks', () => {
    const { caffemodel, prototxt } = written(chainOf([7, 6, 2], [{ ...pool(2, 2), roundUp: true }]));
    const spelled = (setting: string) =>
      readCaffe(
        text('net.prototxt', textOf(prototxt).replace('pooling_param {', `pooling_param { ${setting}`)),
        caffemodel,
      );
    const roundsUp = (setting: string) => (spelled(setting).nodes[0]!.operator as Pool).roundUp;
    expect(['', 'ceil_mode: true', 'round_mode: CEIL'].map(roundsUp)).toEqual([true, true, true]);
    expect(['ceil_mode: false', 'round_mode: FLOOR', 'round_mode: 1'].map(roundsUp)).toEqual([
      ...[false, false, false],
    ]);
  });
});

describe('types of layers that are depthwise by name', () => {
  const depthwise = randomConvolution(numbers, {
    ...{ kernel: square(3), inputs: 4, outputs: 4, groups: 4, padding: evenPadding(1) },
  });
  const network = chainOf([6, 5, 4], [depthwise]);
  const { caffemodel, prototxt } = written(network);
  const content = textOf(prototxt);
  const kinds = ['ConvolutionDepthwise', 'DepthwiseConvolution'];
  const forms = kinds.flatMap((kind) => [
    [kind, 'with its groups', content.replace('"Convolution"', `"${kind}"`)],
    [kind, 'without', content.replace('"Convolution"', `"${kind}"`).replace(/group: 4/, '')],
    [
      ...[kind, 'without groups and outputs'],
      content.replace('"Convolution"', `"${kind}"`).replace(/group: 4|num_output: 4/g, ''),
    ],
  ]);

  it.each(forms)('%s %s', (_, __, form) => {
    const read = readCaffe(text('net.prototxt', form!), caffemodel);
    expect((read.nodes[0]!.operator as Conv2d).groups).toBe(4);
    expect(largestDifference(answersOf(read), answersOf(network))).toBe(0);
    // Written back under a type that every Caffe has.
    expect(textOf(written(read).prototxt)).toMatch(/type: "Convolution"[\s\S]*group: 4/);
  });

  const folder = referencePath('cases/caffe-convolution-depthwise');
  it.skipIf(!folder)('as in the case', async () => {
    const file = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(`${folder}/${name}`)) });
    const read = await readNetwork([file('n.prototxt'), file('n.caffemodel')]);
    const last = read.nodes.at(-1)!.operator as Conv2d;
    expect({ groups: last.groups, kernel: last.kernel.shape }).toEqual({ groups: 6, kernel: [3, 3, 1, 6] });
  });
});

describe('weights as raw data', () => {
  const dense = { kind: 'dense', weights: { shape: [2, 1], data: Float32Array.of(1.5, -0.25) }, bias: null };
  const { prototxt } = written(chainOf([2], [dense as Operator]));
  const netOf = (raw_data_type: number, raw_data: Uint8Array): NamedFile => {
    const blob = { shape: { dim: [1, 2] }, raw_data_type, raw_data };
    const layer = [{ name: 'dense0', type: 'InnerProduct', blobs: [blob] }];
    return { name: 'net.caffemodel', bytes: encodeMessage(netSchema, { name: 'net', layer }) };
  };
  const bytesOf = ({ buffer }: ArrayBufferView) => new Uint8Array(buffer as ArrayBuffer);

  it.each([
    ['double', 0, bytesOf(Float64Array.of(1.5, -0.25))],
    ['float', 1, bytesOf(Float32Array.of(1.5, -0.25))],
    ['float16, as OpenCV shrinks them', 2, bytesOf(Uint16Array.of(0x3e00, 0xb400))],
  ])('in %s are read', (_, type, bytes) => {
    const { nodes } = readCaffe(prototxt, netOf(type, bytes));
    expect(nodes[0]!.operator).toEqual(dense);
  });

  it('in whole numbers are refused', () => {
    expect(() => readCaffe(prototxt, netOf(3, bytesOf(Int32Array.of(1, 2))))).toThrow(
      'net.caffemodel: expected weights in double, float or float16, found raw data of the type 3; save the network in float.',
    );
  });
});

describe('nets for training that do not say how large their images are', () => {
  const layers: readonly Operator[] = [
    randomConvolution(numbers, { kernel: square(3), inputs: 3, outputs: 4, padding: evenPadding(1) }),
    { kind: 'globalPool', reduce: 'average', keepDimensions: false },
    randomDense(numbers, 4, 5),
  ];
  const network = chainOf([8, 6, 3], layers);
  const { caffemodel, prototxt } = written(network);
  const withData = (data: string) =>
    text('train_val.prototxt', textOf(prototxt).replace(/layer \{[\s\S]*?\n\}\n/, `${data}\n`));
  const forms = {
    'a data layer with nothing but its source':
      'layer { name: "data" type: "Data" top: "image" top: "label" data_param { source: "lmdb" batch_size: 1 } }',
    'a data layer with means alone':
      'layer { name: "data" type: "Data" top: "image" transform_param { mean_value: 104 mean_value: 117 mean_value: 123 } }',
    'an Input layer without a shape': 'layer { name: "data" type: "Input" top: "image" }',
    'an Input layer with any size':
      'layer { name: "data" type: "Input" top: "image" input_param { shape { dim: 1 dim: 3 dim: -1 dim: -1 } } }',
    'an Input layer with one side':
      'layer { name: "data" type: "Input" top: "image" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 0 } } }',
    'the older input fields': 'input: "image" input_dim: 1 input_dim: 3 input_dim: 0 input_dim: 0',
  };

  it.each(Object.entries(forms))('%s: a person says it', async (_, data) => {
    const files = [withData(data), caffemodel];
    await expect(readNetwork(files)).rejects.toMatchObject({ code: 'needs-input-size' });
    const read = await readNetwork(files, { inputSize: { height: 8, width: 6 } });
    expect(read.input.shape).toEqual([8, 6, 3]);
    expect(largestDifference(answersOf(read), answersOf(network))).toBeLessThan(1e-6);
  });

  it('are read where the file is changed as the sentence says', () => {
    const cropped = 'layer { name: "data" type: "Data" top: "image" transform_param { crop_size: 8 } }';
    expect(readCaffe(withData(cropped), caffemodel).input.shape).toEqual([8, 8, 3]);
    const shaped =
      'layer { name: "data" type: "Input" top: "image" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 6 } } }';
    expect(readCaffe(withData(shaped), caffemodel).input.shape).toEqual([8, 6, 3]);
  });

  it('may not be said otherwise than the file says it', async () => {
    const files = [prototxt, caffemodel];
    await expect(readNetwork(files, { inputSize: square(9) })).rejects.toThrow(
      'expected the size that the file fixes, 8×6×3, found 9x9 (--input-size)',
    );
    await expect(readNetwork(files, { inputSize: { height: 8, width: 6 } })).resolves.toBeDefined();
  });
});
