import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeNetwork } from '../src/formats/models';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
} from '../src/network/testing/builders';
import { referenceScores } from '../src/network/testing/referenceExecutor';
import { encHere } from './testing';

const [count, length, channels, classes] = [40, 16, 3, 4];
const numbers = seededNumbers(3);
const kernel = { height: 1, width: 5 };

/** Convolutions along sequences of three channels, as heartbeats and motions are told apart. */
const network = chainOf(
  [length, channels],
  [
    { kind: 'reshape', shape: [1, length, channels], order: 'hwc' },
    randomConvolution(numbers, {
      kernel,
      inputs: channels,
      outputs: 12,
      padding: { ...evenPadding(0), left: 2, right: 2 },
    }),
    activation('relu'),
    randomConvolution(numbers, { kernel, inputs: 12, outputs: 12 }),
    { kind: 'globalPool', reduce: 'average', keepDimensions: false },
    randomDense(numbers, 12, classes),
  ],
);
const values = numbers.values(count * length * channels);

/** An `.npy` file of version 1. */
function npy(type: string, shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const head = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0];
  return Uint8Array.from([...head, ...new TextEncoder().encode(header), ...bytes]);
}

it.each([
  ['sequences with their channels', [count, length, channels]],
  ['sequences laid flat', [count, length * channels]],
])('%s, as an array of numbers that stand for themselves', async (_, shape) => {
  const folder = mkdtempSync(join(tmpdir(), 'enc-sequences-'));
  const path = (name: string) => join(folder, name);
  const [file] = await writeNetwork(network, 'keras');
  writeFileSync(path('net.keras'), file!.bytes);
  writeFileSync(path('x.npy'), npy('<f4', shape, new Uint8Array(values.buffer)));
  const size = length * channels;
  const answers = Array.from({ length: count }, (__, at) => {
    const { data } = referenceScores(network, values.subarray(at * size, (at + 1) * size));
    return data.indexOf(Math.max(...data));
  });
  // Every fourth label is another class, so that the accuracy says something.
  const labels = answers.map((answer, at) => (at % 4 === 0 ? (answer + 1) % classes : answer));
  writeFileSync(path('y.npy'), npy('|u1', [count], Uint8Array.from(labels)));
  const data = ['--data', path('x.npy'), path('y.npy')];
  const { top1 } = await encHere<{ top1: number }>('evaluate', path('net.keras'), ...data);
  expect(top1).toBe(0.75);
  await encHere('compress', path('net.keras'), '--target', '0.5', '--out', path('small.onnx'));
  const small = await encHere<{ top1: number }>('evaluate', path('small.onnx'), ...data);
  expect(small.top1).toBeGreaterThan(0.2);
});
