import { describe, expect, it } from 'vitest';
import { isSideFile, withSideFiles } from './sideFiles';

const named = (...names: string[]) => names.map((name) => ({ name }));
const namesOf = (files: readonly { readonly name: string }[]) => files.map(({ name }) => name);

describe('files that come after the images', () => {
  it('are tables and lists, nothing that may hold images', () => {
    expect(['map.csv', 'a/MAP.JSON', 'classes.txt', 'x.tsv'].every(isSideFile)).toBe(true);
    expect(
      ['a.png', 'test.bin', 'x.npy', 'set.zip', 'labels-idx1-ubyte.gz', 'net.prototxt'].some(isSideFile),
    ).toBe(false);
  });

  it('stand before all others, and a newer one takes the place of its former self', () => {
    const once = withSideFiles(named('cat/1.png', 'labels.csv'), named('map.csv'));
    expect(namesOf(once)).toEqual(['map.csv', 'cat/1.png', 'labels.csv']);
    const corrected = named('map.csv');
    const twice = withSideFiles(once, corrected);
    expect(namesOf(twice)).toEqual(['map.csv', 'cat/1.png', 'labels.csv']);
    expect(twice[0]).toBe(corrected[0]);
  });

  it('replace every list of names by a newer list', () => {
    const files = withSideFiles(named('test.bin', 'classes.txt'), named('names.txt'));
    expect(namesOf(files)).toEqual(['names.txt', 'test.bin']);
  });
});
