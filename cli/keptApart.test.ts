import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNetwork } from '../src/formats/models';
import { smallResidualNetwork } from '../src/network/testing/builders';
import { randomPictures } from '../workers/testing/tinyStudio';
import { forgetFiles, noteRead } from './keptApart';
import { encHere } from './testing';
import { writeWhole } from './writing';

const folder = mkdtempSync(join(tmpdir(), 'enc-apart-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const contents = new Map<string, Buffer>();

beforeAll(async () => {
  const [network] = await writeNetwork(smallResidualNetwork(), 'onnx');
  writeFileSync(at('net.onnx'), network!.bytes);
  const { bytes } = randomPictures(40, 12, 12);
  writeFileSync(at('images.npy'), bytes);
  mkdirSync(at('set'));
  writeFileSync(at('set/images.npy'), bytes);
  symlinkSync(at('images.npy'), at('link.npy'));
  linkSync(at('net.onnx'), at('same.json'));
  for (const name of ['net.onnx', 'images.npy', 'set/images.npy']) contents.set(name, readFileSync(at(name)));
});

const images = () => ['--data', at('images.npy'), '--images', '24'];
const measured = ['--metric', 'divergence'];

describe('a file that a command reads is never written over', () => {
  it.each<[string, string, () => readonly string[]]>([
    [
      'the images of curves',
      'images.npy',
      () => ['curves', at('net.onnx'), ...measured, ...images(), '--out', at('images.npy')],
    ],
    [
      'images that are named for nothing',
      'images.npy',
      () => ['curves', at('net.onnx'), ...images(), '--out', at('images.npy')],
    ],
    [
      'the images by a link',
      'images.npy',
      () => ['curves', at('net.onnx'), ...measured, ...images(), '--out', at('link.npy')],
    ],
    [
      'the network by another name',
      'net.onnx',
      () => ['figure', at('net.onnx'), ...images(), '--out', at('same.json')],
    ],
    [
      'the network by a picture',
      'net.onnx',
      () => ['figure', at('net.onnx'), ...images(), '--svg', at('net.onnx')],
    ],
    [
      'a file of a folder of images',
      'set/images.npy',
      () => ['curves', at('net.onnx'), ...measured, '--data', at('set'), '--out', at('set/images.npy')],
    ],
  ])('%s', async (_, name, args) => {
    await expect(encHere(...args())).rejects.toThrow(
      /(?<=^|: )[Ee]xpected another file .*, which is read, found .*; name another one\.$/,
    );
    expect(readFileSync(at(name)).equals(contents.get(name)!)).toBe(true);
  });

  it('whatever writes it, until another command begins', async () => {
    forgetFiles();
    writeFileSync(at('own.txt'), 'mine');
    await noteRead(at('own.txt'));
    await expect(writeWhole(at('own.txt'), 'new')).rejects.toThrow(
      `Expected another file to write to than ${at('own.txt')}, which is read, found ${at('own.txt')}; name another one.`,
    );
    expect(readFileSync(at('own.txt'), 'utf8')).toBe('mine');
    forgetFiles();
    await writeWhole(at('own.txt'), 'new');
    expect(readFileSync(at('own.txt'), 'utf8')).toBe('new');
  });
});
