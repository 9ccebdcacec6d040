import { afterAll, beforeAll, expect, it } from 'vitest';
import { activation, chainOf } from '../../network/testing/builders';
import { inputSizeText, parseInputSize } from '../../network/inputSize';
import { startsWith } from '../content';
import type { NamedFile } from '../file';
import { sizedShape } from './inputSize';
import type { ModelReader } from './reader';
import { readers } from './readers';
import { readNetwork } from '.';

/** A format of one activation that states its image's sides in two bytes, 0 for one that it leaves open. */
const magic = [0x4f, 0x50, 0x45, 0x4e];
const isOpen = ({ bytes }: NamedFile) => startsWith(bytes, magic);
const openReader: ModelReader = {
  id: 'open',
  title: 'Open',
  extensions: ['.open'],
  operators: [{ form: 'Open', names: ['Relu'] }],
  detect: (files) => (files.some(isOpen) ? 1 : 0),
  parts: (files) => files.filter(isOpen),
  read: (files, options) => {
    const [height, width] = files.find(isOpen)!.bytes.subarray(magic.length);
    const shape = sizedShape(
      'input "image"',
      [height! || null, width! || null, 3],
      `[N, 3, ${height}, ${width}]`,
      options,
    );
    return { ...chainOf(shape, [activation('relu')]), source: { format: 'open', batch: 'N' } };
  },
};
const fileOf = (...sides: number[]) => [{ name: 'net.open', bytes: Uint8Array.of(...magic, ...sides) }];

let remove: () => void;
beforeAll(() => {
  remove = readers.add(openReader);
});
afterAll(() => remove());

it('takes height and width from the options where the file leaves them open', async () => {
  const shapeOf = async (...sides: number[]) =>
    (await readNetwork(fileOf(...sides), { inputSize: { height: 20, width: 30 } })).input.shape;
  expect(await shapeOf(0, 0)).toEqual([20, 30, 3]);
  expect(await shapeOf(0, 30)).toEqual([20, 30, 3]);
  expect(await shapeOf(20, 30)).toEqual([20, 30, 3]);
});

it('asks for the size where nobody says it, in a failure that a page can tell from others', async () => {
  await expect(readNetwork(fileOf(0, 30))).rejects.toMatchObject({
    code: 'needs-input-size',
    message:
      'input "image": expected a height and width, found [N, 3, 0, 30], which leaves them open; say how large its ' +
      'images are (--input-size HxW), or export the network with a fixed size.',
  });
});

it('refuses a size that is not the one the file fixes', async () => {
  const read = readNetwork(fileOf(20, 20), { inputSize: { height: 20, width: 30 } });
  await expect(read).rejects.toMatchObject({
    code: 'invalid-request',
    message:
      'input "image": expected the size that the file fixes, 20×20×3, found 20x30 (--input-size); leave the size out.',
  });
});

it.each([
  ['224x160', { height: 224, width: 160 }],
  [' 224 × 160 ', { height: 224, width: 160 }],
  ['224', { height: 224, width: 224 }],
  ['0x4', null],
  ['4x', null],
  ['-4x4', null],
  ['99999x4', null],
  ['big', null],
  ['', null],
] as const)('reads %j as a size', (text, size) => {
  expect(parseInputSize(text)).toEqual(size);
  if (size) expect(parseInputSize(inputSizeText(size))).toEqual(size);
});
