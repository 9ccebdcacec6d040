import { describe, expect, it } from 'vitest';
import { missingParts } from './form';
import { committedList, listOf, root, type ListedRefusal } from './list';
import { isOf, refusalSites } from './scan';

const list = committedList();
const sites = refusalSites(root);
const key = ({ file, template }: Pick<ListedRefusal, 'file' | 'template'>) => `${file}: ${template}`;
const advice = 'run npm run refusals and commit the list';

describe('the list of refusals', () => {
  it('holds every place of the source that refuses, and no other', () => {
    expect(list.map(key), advice).toEqual(sites.map(key));
  });

  it('gives for each what a test was told', () => {
    const without = list.filter(({ example }) => example === null).map(key);
    expect(without, `write a test that provokes these, then ${advice}`).toEqual([]);
  });

  it('says of each what was expected, what was found, where, and what to do', () => {
    const wrong = list.map((entry) => ({ entry, missing: missingParts(entry) }));
    const told = wrong.filter(({ missing }) => missing.length > 0);
    expect(told.map(({ entry, missing }) => `${key(entry)} lacks ${missing.join(', ')}`)).toEqual([]);
  });
});

describe('making the list', () => {
  const site = { file: 'src/a.ts', template: '…: expected …, found ….', kind: 'sentence' } as const;
  const told = (message: string, stack = 'at fail (/x/src/a.ts:1:2)') => ({ code: 'c', message, stack });

  it('matches a sentence with its place by what it says and where it was made', () => {
    expect(isOf(site, 'a.bin: expected 2 (of 3), found 5.')).toBe(true);
    expect(isOf(site, 'a.bin: expected 2.')).toBe(false);
    const [entry] = listOf([site], [told('x: expected 1, found 22.'), told('x: expected 1, found 2.')], []);
    expect(entry).toEqual({ ...site, code: 'c', example: 'x: expected 1, found 2.' });
    expect(listOf([site], [told('x: expected 1, found 2.', 'at (/x/src/b.ts)')], [])[0]!.example).toBeNull();
  });

  it('shows it with the name that a reader puts before it, and without the paths of a machine', () => {
    const inner = { ...site, template: 'expected …, found ….' };
    const sentences = [told('expected 1, found 2.'), told('/tmp/x-1/y/net.onnx: expected 1, found 2.', '')];
    expect(listOf([inner], sentences, [])[0]!.example).toBe('/path/net.onnx: expected 1, found 2.');
  });

  it('keeps a former example while the place says the same', () => {
    const former = [{ ...site, code: 'c', example: 'old: expected 1, found 2.' }];
    expect(listOf([site], [told('x: expected 1, found 2.')], former)).toEqual(former);
  });

  it('judges the form', () => {
    const of = (example: string) => missingParts({ ...site, example });
    expect(of('a.bin: expected 2 images, found 3; open others.')).toEqual([]);
    expect(of('a.bin: expected 2 images, found 3.')).toEqual(['what to do']);
    expect(of('Bad file.')).toEqual(['what was expected or allowed', 'what was found', 'what to do']);
  });
});
