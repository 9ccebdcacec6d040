import { describe, expect, it } from 'vitest';
import { installedCodecs } from '../../../cli/codecs';
import type { NamedFile } from '../file';
import { openImageFiles } from '../images';
import type { Wanted } from './format';

const text = (name: string, content: string): NamedFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});
/** Black CIFAR-10 records of these labels. */
function records(...labels: number[]): NamedFile {
  const bytes = new Uint8Array(labels.length * 3073);
  labels.forEach((label, index) => (bytes[index * 3073] = label));
  return { name: 'data.bin', bytes };
}
/** Black 2×2 MNIST images of these labels. */
function digits(...labels: number[]): NamedFile[] {
  const count = labels.length;
  const header = [0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 2];
  return [
    { name: 'images', bytes: Uint8Array.of(0, 0, 8, 3, ...header, ...new Uint8Array(4 * count)) },
    { name: 'labels', bytes: Uint8Array.of(0, 0, 8, 1, 0, 0, 0, count, ...labels) },
  ];
}
const wanted = (classes: number, classNames: readonly string[] | null = null): Wanted => ({
  ...{ height: 32, width: 32, channels: 3 },
  classes,
  classNames,
});
const open = (files: readonly NamedFile[], want?: Wanted) => openImageFiles(files, installedCodecs, want);

describe('classes of files that count them', () => {
  const names = text('classes.txt', 'ant\nbee\ngreat cat\n');

  it('stay in their order where the network names none, or others', async () => {
    for (const classNames of [null, ['ant', 'bee', 'dog'], ['ant', 'bee', 'bee']]) {
      const images = await open([records(2, 0), names], wanted(3, classNames));
      expect([...images.labels!]).toEqual([2, 0]);
      expect(images.matching).toEqual({ by: 'order', file: null });
      expect(images.classNames![2]).toBe('great cat');
    }
  });

  it('are matched by the names that files and network both carry', async () => {
    const classNames = ['Great_Cat', 'wasp', 'ant', 'bee'];
    const images = await open([records(2, 0, 1), names], wanted(4, classNames));
    expect([...images.labels!]).toEqual([0, 2, 3]);
    expect(images).toMatchObject({ classNames, matching: { by: 'names', file: null } });
  });

  it('are mapped by a table of names, or of the numbers themselves', async () => {
    const byName = text('x/map.csv', 'class,index\nant,5\nbee,4\ngreat cat,3\n');
    const images = await open([byName, records(2, 0, 1), names], wanted(6));
    expect([...images.labels!]).toEqual([3, 5, 4]);
    expect(images).toMatchObject({
      name: 'data.bin',
      classNames: ['0', '1', '2', 'great cat', 'bee', 'ant'],
      matching: { by: 'mapping', file: 'map.csv' },
    });
    const byNumber = text('map.csv', '7,1\n8,0\n');
    expect([...(await open([...digits(8, 7, 8), byNumber], wanted(2))).labels!]).toEqual([0, 1, 0]);
  });

  it('must all be in the table, and the table must be one', async () => {
    const short = text('map.json', '{"ant": 1}');
    await expect(open([records(0, 1), names, short], wanted(3))).rejects.toThrow(
      /^data\.bin: .*mapping file map\.json names, found "bee"/,
    );
    await expect(open([records(0), names, text('map.csv', 'x,y\n')], wanted(3))).rejects.toThrow(
      /^map\.csv: expected a table/,
    );
    await expect(open([records(0), names, text('map.csv', 'ant,99999999999\n')])).rejects.toThrow(
      /^map\.csv: expected a table/,
    );
  });

  it('count from one where no label is 0, as EMNIST’s letters do', async () => {
    expect([...(await open(digits(1, 26, 2), wanted(26))).labels!]).toEqual([0, 25, 1]);
    const { labelChoices } = await open(digits(1, 3, 2), wanted(26));
    expect(labelChoices!.readings.map(({ order, labels }) => [order, ...labels])).toEqual([
      ['numeric', 1, 3, 2],
      ['from-one', 0, 2, 1],
    ]);
    expect((await open(digits(0, 3), wanted(26))).labelChoices!.readings).toHaveLength(1);
    // Neither way: the network has too few classes, which is said where they meet.
    expect([...(await open(digits(1, 27), wanted(26))).labels!]).toEqual([1, 27]);
  });

  it('have names from a JSON list, too', async () => {
    const list = text('metadata.json', '{"labels": ["ant", "bee", "cow"]}');
    const images = await open([...digits(2, 0), list], wanted(3, ['cow', 'ant', 'bee']));
    expect([...images.labels!]).toEqual([0, 1]);
  });

  it('are none of their business where there are no labels', async () => {
    const [pixels] = digits(1);
    expect((await open([pixels!, text('map.csv', '1,0\n')])).labels).toBeNull();
  });
});
