import { zipSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { smallResidualNetwork } from '../network/testing/builders';
import type { NamedFile } from './file';
import { readNetwork } from './models';
import { writeOnnx } from './models/onnx/write';
import { sortFiles } from './sorting';

const model = writeOnnx(smallResidualNetwork());
const records = new Uint8Array(3073 * 2);
const file = (name: string, bytes: Uint8Array | string): NamedFile => ({
  name,
  bytes: typeof bytes === 'string' ? strToU8(bytes) : bytes,
});
const namesOf = (files: readonly NamedFile[]) => files.map(({ name }) => name);

describe('files that come together', () => {
  it('are told apart by content, whatever they are called', () => {
    const { network, images } = sortFiles([
      file('test.bin', records),
      file('weights.dat', model),
      file('classes.txt', 'cat\ndog'),
    ]);
    expect(namesOf(network)).toEqual(['weights.dat']);
    expect(namesOf(images)).toEqual(['test.bin', 'classes.txt']);
  });

  it('may lie in a zip archive, with what systems leave there', () => {
    const archive = zipSync({
      'both/net.onnx': model,
      'both/test.bin': records,
      'both/.DS_Store': strToU8('x'),
      '__MACOSX/both/._net.onnx': model,
    });
    const { network, images } = sortFiles([file('both.zip', archive)]);
    expect(namesOf(network)).toEqual(['both/net.onnx']);
    expect(namesOf(images)).toEqual(['both/test.bin']);
  });

  it('read as a network where there is one among them', async () => {
    const archive = zipSync({ 'readme.txt': strToU8('hello'), 'net.onnx': model, 'test.bin': records });
    const network = await readNetwork([file('all.zip', archive)]);
    expect(network.nodes.length).toBe(smallResidualNetwork().nodes.length);
  });

  it('are refused by the name of the archive where none in it is a network', async () => {
    const archive = zipSync({ 'readme.txt': strToU8('hello') });
    await expect(readNetwork([file('all.zip', archive)])).rejects.toThrow(/^all\.zip: .*found a zip archive/);
  });
});
