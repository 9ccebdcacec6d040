import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNetwork, writeNetwork } from '../src/formats/models';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../src/network/testing/builders';
import { outTarget } from './outFiles';
import type { ExportedNetwork } from '../workers/protocol/export';
import { encJson, runEnc } from './testing';

describe('--out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'enc-out-'));
  const model = join(folder, 'model.onnx');
  const ranks = join(folder, 'ranks.json');
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(async () => {
    const numbers = seededNumbers(2);
    const same = { kernel: square(3), padding: evenPadding(1) };
    const network = chainOf(
      [8, 8, 3],
      [
        randomConvolution(numbers, { ...same, inputs: 3, outputs: 8 }),
        randomConvolution(numbers, { ...same, inputs: 8, outputs: 8, stride: square(2) }),
        { kind: 'flatten', order: 'chw' },
        randomDense(numbers, 128, 4),
      ],
    );
    const [file] = await writeNetwork(network, 'onnx');
    writeFileSync(model, file!.bytes);
    writeFileSync(ranks, JSON.stringify({ conv2d1: 3 }));
  });

  it.each(['small.onnx', 'small.keras', 'small.h5', 'small.zip', 'small.tflite'])(
    '%s names the format',
    async (name) => {
      const out = join(folder, name);
      const { bytes, comparison } = await encJson<{
        bytes: number;
        comparison: { largestDifference: number };
      }>(...['compress', model, '--ranks', ranks, '--out', out]);
      expect(bytes).toBe(readFileSync(out).byteLength);
      expect(comparison.largestDifference).toBeLessThan(1e-4);
      const again = await readNetwork([{ name, bytes: new Uint8Array(readFileSync(out)) }]);
      expect(again.metadata['enc.method']).toBe('ranks');
    },
  );

  it('small.caffemodel writes its prototxt beside it, both under the name that was asked for', async () => {
    const out = join(folder, 'small.caffemodel');
    const { bytes, comparison } = await encJson<{ bytes: number; comparison: { largestDifference: number } }>(
      ...['compress', model, '--ranks', ranks, '--out', out],
    );
    const files = ['small.caffemodel', 'small.prototxt'].map((name) => ({
      name,
      bytes: new Uint8Array(readFileSync(join(folder, name))),
    }));
    expect(bytes).toBe(files.reduce((sum, file) => sum + file.bytes.byteLength, 0));
    expect(comparison.largestDifference).toBeLessThan(1e-4);
    const { nodes } = await readNetwork(files);
    // Two convolutions, one of them cut in two.
    expect(nodes.filter(({ operator }) => operator.kind === 'conv2d')).toHaveLength(3);
  });

  it('small.caffemodel names the operator that Caffe lacks, and writes nothing', async () => {
    const padded = chainOf(
      [8, 8, 3],
      [
        randomConvolution(seededNumbers(3), { kernel: square(3), inputs: 3, outputs: 8 }),
        { kind: 'pad', padding: evenPadding(1), value: 0 },
        { kind: 'flatten', order: 'chw' },
        randomDense(seededNumbers(4), 512, 4),
      ],
    );
    const [file] = await writeNetwork(padded, 'onnx');
    const [source, out] = [join(folder, 'padded.onnx'), join(folder, 'padded.caffemodel')];
    writeFileSync(source, file!.bytes);
    const { status, stderr } = await runEnc('compress', source, '--target', '0.9', '--out', out);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/Node ".+" \(pad\) cannot be written for Caffe: .*; write ONNX instead\./);
    expect(existsSync(out)).toBe(false);
    expect(existsSync(join(folder, 'padded.prototxt'))).toBe(false);
  });

  it('ONNX is run by ONNX Runtime before it is written', async () => {
    const { comparison } = await encJson<{ comparison: ExportedNetwork['comparison'] }>(
      ...['compress', model, '--ranks', ranks, '--out', join(folder, 'judged.onnx')],
    );
    expect(comparison.runtime).toMatchObject({ name: expect.stringMatching(/^ONNX Runtime \d/), images: 8 });
    expect((comparison.runtime as { largestDifference: number }).largestDifference).toBeLessThan(1e-4);
  });

  it('without an ending is a folder for TF.js', async () => {
    const out = join(folder, 'web');
    await encJson('compress', model, '--ranks', ranks, '--out', out);
    expect(existsSync(join(out, 'model.json'))).toBe(true);
    expect(existsSync(join(out, 'group1-shard1of1.bin'))).toBe(true);
  });

  it('with an ending that is not known is refused before any work', async () => {
    expect(outTarget('a/b.KERAS').format).toBe('keras');
    expect(outTarget('../nets').isFolder).toBe(true);
    const { status, stderr } = await runEnc('compress', 'missing.onnx', '--ranks', ranks, '--out', 'a.pt');
    expect(status).not.toBe(0);
    expect(stderr).toContain(
      '--out: expected .onnx, .keras, .h5, .hdf5, .zip, .caffemodel, .tflite, or a folder for TensorFlow.js, found ".pt" in a.pt; end the name so.',
    );
  });
});
