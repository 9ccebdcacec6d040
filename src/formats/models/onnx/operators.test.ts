import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { layerNodes } from '../../../network/layerNodes';
import { inferShapes } from '../../../network/shapes';
import { unsupportedNodes } from '../../../network/validate';
import { fixtureInput, runReferenceBatch } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { runOnnxRuntime, type RuntimeOutput } from '../../testing/onnxRuntime';
import { readOnnx } from './read';
import { modelSchema } from './schema';
import { decodeMessage } from '../protobuf';
import { writeOnnx } from './write';

const folder = new URL('./fixtures/operators/', import.meta.url);
/** What NumPy makes of the files that ONNX Runtime does not run. */
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  number[]
>;
const names = readdirSync(folder).flatMap((file) =>
  file.endsWith('.onnx') ? [file.replace('.onnx', '')] : [],
);
const tolerance = 1e-4;

const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.onnx`, folder)));

/** Extents of a file's input, a batch of two where the batch is open. */
function inputDims(bytes: Uint8Array): readonly number[] {
  const { inputs, initializers } = decodeMessage(modelSchema, bytes, 'model').graph!;
  const weights = new Set(initializers.map(({ name }) => name));
  const input = inputs.find(({ name }) => !weights.has(name))!;
  return input.type!.tensor!.shape!.dimensions.map(({ value }) => value ?? 2);
}

/** The judge's answer: NumPy's where it gave one, else ONNX Runtime's. */
async function judged(name: string, values: Float32Array, dims: readonly number[]) {
  const numpy = expected[name];
  return numpy ? { data: Float32Array.from(numpy), dims: null } : runOnnxRuntime(bytesOf(name), values, dims);
}

describe.each(names)('%s, written by onnx.helper', (name) => {
  const bytes = bytesOf(name);
  const dims = inputDims(bytes);
  const values = fixtureInput(dims.reduce((a, b) => a * b, 1));
  const network = readOnnx({ name: `${name}.onnx`, bytes });

  it('is read whole and computes what its judge computes', async () => {
    expect(unsupportedNodes(network)).toEqual([]);
    expect(inferShapes(network).problems).toEqual([]);
    const answer = await judged(name, values, dims);
    expect(largestDifference(runReferenceBatch(network, values), answer.data)).toBeLessThan(tolerance);
  });

  it('is written with the interface it had, so that ONNX Runtime answers the same', async () => {
    const answer = await judged(name, values, dims);
    const file = writeOnnx(network);
    expect(inputDims(file)).toEqual(dims);
    const found: RuntimeOutput = await runOnnxRuntime(file, values, dims);
    expect(found.name).toBe('out');
    if (answer.dims) expect(found.dims).toEqual(answer.dims);
    expect(largestDifference(found.data, answer.data)).toBeLessThan(tolerance);
  });

  it('is read back as the same function of the same layers', () => {
    const again = readOnnx({ name: `${name}.onnx`, bytes: writeOnnx(network) });
    expect(again.input).toEqual(network.input);
    expect(again.source.inputAxes).toEqual(network.source.inputAxes);
    const layers = (of: typeof network) => layerNodes(of).map((node) => node.name);
    expect(layers(again)).toEqual(layers(network));
    const difference = largestDifference(
      runReferenceBatch(again, values),
      runReferenceBatch(network, values),
    );
    expect(difference).toBeLessThan(1e-5);
  });
});
