import { describe, expect, it } from 'vitest';
import { converters as caffeConverters } from './caffe/operators';
import { converters as layerConverters } from './layers/operators';
import { converters as onnxConverters } from './onnx/operators';
import { operatorTable } from './operatorTable';
import { graphConverters } from './tfjs/graph/operators';

describe('the table of operators by format', () => {
  const { columns, rows } = operatorTable();
  const cell = (operator: string, column: string) =>
    rows.find((row) => row.operator === operator)!.cells[columns.indexOf(column)]!;

  it('names everything that the readers know, nothing else, and has a family for each', () => {
    const registries = [onnxConverters, layerConverters, layerConverters, graphConverters, caffeConverters];
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
  });

  it('has an operator in every row that some format reads', () => {
    for (const { operator, cells } of rows)
      expect(
        cells.some(({ reads }) => reads.length > 0),
        operator,
      ).toBe(true);
  });
});
