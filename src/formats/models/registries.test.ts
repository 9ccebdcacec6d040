import { afterAll, beforeAll, expect, it } from 'vitest';
import { outEndingsText, outTarget } from '../../../cli/outFiles';
import { summariseNetwork } from '../../../workers/service/summaries';
import { FailureError } from '../../network/failure';
import type { Network } from '../../network/graph';
import { chainOf, randomDense, seededNumbers } from '../../network/testing/builders';
import { startsWith } from '../content';
import type { NamedFile } from '../file';
import { sortFiles } from '../sorting';
import { operatorTable } from './operatorTable';
import type { ModelReader } from './reader';
import { readers } from './readers';
import { isRefused, refusalOf, type Refusals } from './refusals';
import type { ModelWriter } from './writer';
import { writers } from './writers';
import { readNetwork, writeNetwork } from '.';

/** A format for networks of dense layers: "TOY", then the number of inputs and outputs and the weights of each. */
const magic = [0x54, 0x4f, 0x59, 0x21];
const isToy = ({ bytes }: NamedFile) => startsWith(bytes, magic);
const refused = { conv2d: 'toys have no images' } as const satisfies Refusals;

const toyReader: ModelReader = {
  id: 'toy',
  title: 'Toy',
  extensions: ['.toy'],
  operators: [{ form: 'Toy', names: ['Dense', 'Doll'] }],
  detect: (files) => (files.some(isToy) ? 1 : 0),
  parts: (files) => files.filter(isToy),
  read: (files) => {
    const { bytes } = files.find(isToy)!;
    const words = new Float32Array(bytes.slice(magic.length).buffer);
    const operators = [];
    for (let at = 0; at < words.length;) {
      const shape = [words[at]!, words[at + 1]!];
      const size = shape[0]! * shape[1]!;
      const weights = { shape, data: words.slice(at + 2, at + 2 + size) };
      operators.push({ kind: 'dense', weights, bias: null } as const);
      at += 2 + size;
    }
    const network = chainOf([words[0]!], operators);
    return { ...network, source: { format: 'toy', batch: 'N' } };
  },
};

const toyWriter: ModelWriter = {
  id: 'toy',
  title: 'Toy box',
  endings: ['.toy', '.box'],
  layout: 'file',
  form: 'Toy',
  write: ({ nodes }) => {
    const words = nodes.flatMap(({ operator }) => {
      if (isRefused(refused, operator) || operator.kind !== 'dense')
        throw new FailureError('unsupported-operator', refusalOf(refused, operator));
      return [...operator.weights.shape, ...operator.weights.data];
    });
    return [
      { name: 'net.toy', bytes: Uint8Array.of(...magic, ...new Uint8Array(Float32Array.from(words).buffer)) },
    ];
  },
};

const numbers = seededNumbers(1);
const withoutBias = (inputs: number, outputs: number) => ({
  ...randomDense(numbers, inputs, outputs),
  bias: null,
});
const dense = chainOf([4], [withoutBias(4, 3), withoutBias(3, 2)]);
const weightsOf = ({ nodes }: Network) =>
  nodes.map(({ operator }) => operator.kind === 'dense' && [...operator.weights.data]);

const remove: (() => void)[] = [];
beforeAll(() => void remove.push(readers.add(toyReader), writers.add(toyWriter)));
afterAll(() => remove.forEach((take) => take()));

it('a reader and a writer that are only listed write, are found by content, and read', async () => {
  const [file] = await writeNetwork(dense, 'toy');
  const read = await readNetwork([{ name: 'renamed.bin', bytes: file!.bytes }]);
  expect(weightsOf(read)).toEqual(weightsOf(dense));
  expect(read.source.format).toBe('toy');
  expect(sortFiles([file!]).network).toEqual([file]);
  await expect(writeNetwork(read, 'onnx')).resolves.toHaveLength(1);
});

it('stand in every sentence that lists formats', async () => {
  await expect(readNetwork([])).rejects.toThrow(
    /Caffe, TensorFlow Lite, Toy\).*\.prototxt, \.tflite, \.toy file/,
  );
  await expect(writeNetwork(dense, 'xml')).rejects.toThrow('(onnx, keras, h5, tfjs, caffe, tflite, toy)');
});

it('stand in the command line’s list of endings', () => {
  expect(outTarget('nets/small.BOX')).toMatchObject({ format: 'toy', isFolder: false });
  expect(outEndingsText()).toContain('.toy or .box (Toy box)');
  expect(() => outTarget('small.pt')).toThrow(
    '--out: expected .onnx, .keras, .h5, .hdf5, .zip, .caffemodel, .tflite, .toy, .box, or a folder for TensorFlow.js',
  );
});

it('stand in the page’s list of what can be downloaded, and name the network’s format', () => {
  const ids = (network: Network) => summariseNetwork(network, []).forms.map(({ id }) => id);
  expect(ids(dense)).toEqual(['onnx', 'keras', 'h5', 'tfjs', 'tflite', 'toy']);
  const own = summariseNetwork({ ...dense, source: { format: 'toy', batch: 'N' } }, []);
  expect(own.formatTitle).toBe('Toy');
  expect(own.forms.at(-1)).toEqual({
    id: 'toy',
    title: 'Toy box',
    ending: '.toy',
    weights: [],
    holdsLevels: false,
    holdsDynamic: false,
  });
  const caffe = summariseNetwork({ ...dense, source: { format: 'caffe', batch: 1 } }, []);
  expect(caffe.forms.find(({ id }) => id === 'caffe')).toEqual({
    ...{ id: 'caffe', title: 'Caffe', ending: '.zip', weights: [], holdsLevels: false, holdsDynamic: false },
  });
});

it('stand in the table of operators', async () => {
  const { columns, rows } = await operatorTable();
  expect(columns.at(-1)).toBe('Toy');
  const cell = (operator: string) => rows.find((row) => row.operator === operator)!.cells.at(-1);
  expect(cell('Doll')).toEqual({ reads: ['Doll'], writes: false });
  expect(cell('Dense')).toMatchObject({ reads: ['Dense'] });
  expect(cell('Convolution, dilated or strided')).toEqual({ reads: [], writes: false });
});
