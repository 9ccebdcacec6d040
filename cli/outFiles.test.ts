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

  it.each(['small.onnx', 'small.keras', 'small.h5', 'small.zip'])('%s names the format', async (name) => {
    const out = join(folder, name);
    const { bytes, comparison } = await encJson<{ bytes: number; comparison: { largestDifference: number } }>(
      ...['compress', model, '--ranks', ranks, '--out', out],
    );
    expect(bytes).toBe(readFileSync(out).byteLength);
    expect(comparison.largestDifference).toBeLessThan(1e-4);
    const again = await readNetwork([{ name, bytes: new Uint8Array(readFileSync(out)) }]);
    expect(again.metadata['enc.method']).toBe('ranks');
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
      '--out: expected .onnx, .keras, .h5, .hdf5, .zip, or a folder for TF.js, found ".pt" in a.pt.',
    );
  });
});
