import { beforeAll, describe, expect, it } from 'vitest';
import { FailureError } from '../../network/failure';
import type { Network, Operator } from '../../network/graph';
import { writerCases } from '../testing/writerCases';
import { converters as caffeConverters } from './caffe/operators';
import { converters as layerConverters } from './layers/operators';
import { converters as onnxConverters } from './onnx/operators';
import { writeNetwork } from '.';
import { operatorTable, type OperatorTable } from './operatorTable';
import { graphConverters } from './tfjs/graph/operators';
import { translations } from './tflite/operators';

let columns: OperatorTable['columns'];
let rows: OperatorTable['rows'];
beforeAll(async () => {
  ({ columns, rows } = await operatorTable());
});

describe('the table of operators by format', () => {
  const cell = (operator: string, column: string) =>
    rows.find((row) => row.operator === operator)!.cells[columns.indexOf(column)]!;

  it('names everything that the readers know, nothing else, and has a family for each', () => {
    const layers = [layerConverters, layerConverters];
    const registries = [onnxConverters, ...layers, graphConverters, caffeConverters, translations];
    registries.forEach((registry, column) => {
      const named = new Set(rows.flatMap(({ cells }) => cells[column]!.reads));
      expect([...named].sort()).toEqual([...registry.keys()].sort());
    });
    // A name that no family claims would get a row of its own behind the last.
    expect(rows.at(-1)!.operator).toBe('Identity');
  });

  it('says what is written, as far as it is known from elsewhere', () => {
    expect(cell('Local response normalisation', 'ONNX').writes).toBe(true);
    expect(cell('Local response normalisation', 'Caffe').writes).toBe(true);
    // Keras has no such layer.
    expect(cell('Local response normalisation', 'Keras').writes).toBe(false);
    // TF.js has no layer that convolves in groups.
    expect(cell('Grouped convolution', 'TF.js LayersModel').writes).toBe(false);
    expect(cell('Grouped convolution', 'Keras').writes).toBe(true);
    // Caffe pads inside convolutions and pools only.
    expect(cell('Zero padding', 'Caffe').writes).toBe(false);
    expect(cell('Zero padding', 'ONNX').writes).toBe(true);
    expect(rows.every(({ cells }) => cells[columns.indexOf('TF.js GraphModel')]!.writes === null)).toBe(true);
    expect(rows.every(({ cells }) => cells[columns.indexOf('ONNX')]!.writes)).toBe(true);
    expect(rows.every(({ cells }) => cells[columns.indexOf('TensorFlow Lite')]!.writes)).toBe(true);
  });

  it('has an operator in every row that some format reads', () => {
    for (const { operator, cells } of rows)
      expect(
        cells.some(({ reads }) => reads.length > 0),
        operator,
      ).toBe(true);
  });
});

const activationRows: Readonly<Record<string, string>> = {
  ...{ relu: 'ReLU', relu6: 'ReLU6', leakyRelu: 'Leaky ReLU', elu: 'ELU', sigmoid: 'Sigmoid' },
  ...{
    hardSigmoid: 'Hard sigmoid',
    hardSwish: 'Hard swish',
    swish: 'Swish, also as a sigmoid times its input',
    tanh: 'Tanh',
  },
  softplus: 'Softplus',
};
const otherRows: Readonly<Partial<Record<Operator['kind'], string>>> = {
  ...{
    dense: 'Dense',
    batchNorm: 'Batch normalisation',
    softmax: 'Softmax',
    add: 'Sum',
    multiply: 'Product',
  },
  ...{ concat: 'Concatenation', pad: 'Zero padding', flatten: 'Flatten', reshape: 'Reshape' },
  localResponseNormalisation: 'Local response normalisation',
};

/** The row that speaks of an operator; null for constants, which have none. */
function rowOf(operator: Operator): string | null {
  if (operator.kind === 'conv2d') {
    if (operator.groups === 1) return 'Convolution, dilated or strided';
    return operator.kernel.shape[2] === 1 ? 'Depthwise convolution' : 'Grouped convolution';
  }
  if (operator.kind === 'activation') return activationRows[operator.function]!;
  if (operator.kind === 'pool') return operator.reduce === 'max' ? 'Maximum pooling' : 'Average pooling';
  if (operator.kind === 'globalPool') return operator.reduce === 'max' ? 'Global maximum' : 'Global average';
  if (operator.kind === 'identity')
    return operator.origin === 'dropout' ? 'Dropout and noise, which do nothing at inference' : 'Identity';
  return otherRows[operator.kind] ?? null;
}

describe('marks of what is written, against the writers on networks of their own tests', () => {
  const formats = [
    ['onnx', 'ONNX'],
    ['keras', 'Keras'],
    ['tfjs', 'TF.js LayersModel'],
    ['caffe', 'Caffe'],
    ['tflite', 'TensorFlow Lite'],
  ] as const;

  async function isWritten(network: Network, format: string): Promise<boolean> {
    try {
      await writeNetwork(network, format);
      return true;
    } catch (error) {
      if (error instanceof FailureError) return false;
      throw error;
    }
  }

  it.each(formats)('%s', async (format, column) => {
    const written = new Set<string>();
    for (const [, network] of writerCases) {
      if (!(await isWritten(network, format))) continue;
      for (const { operator } of network.nodes) {
        const row = rowOf(operator);
        if (row !== null) written.add(row);
      }
    }
    // A form of an operator may be refused that another is written in, so only this way round.
    const marked = rows.filter(({ cells }) => cells[columns.indexOf(column)]!.writes);
    expect(marked.map(({ operator }) => operator)).toEqual(expect.arrayContaining([...written]));
    expect(written.size).toBeGreaterThan(15);
  });

  it('a row for every operator that has a case', () => {
    const named = new Set(
      writerCases.flatMap(([, { nodes }]) => nodes.map(({ operator }) => rowOf(operator))),
    );
    named.delete(null);
    expect(rows.map(({ operator }) => operator)).toEqual(expect.arrayContaining([...named]));
  });
});
