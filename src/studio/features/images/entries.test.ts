import { describe, expect, it } from 'vitest';
import { describeEntry, gridEntries, isAnyWrong, passesFilter, type GridEntry } from './entries';

/** Image: label, original's answer, compressed network's answer. */
const answers: readonly (readonly [number, number, number])[] = [
  [0, 0, 0], // 0: stayed right
  [1, 2, 2], // 1: stayed wrong
  [2, 0, 2], // 2: became right
  [0, 0, 1], // 3: became wrong
  [1, 0, 2], // 4: wrong, and now otherwise wrong
  [2, 2, 2], // 5: stayed right
  [1, 1, 0], // 6: became wrong
];
const column = (index: 0 | 1 | 2) => Int32Array.from(answers, (row) => row[index]);
const indices = Uint32Array.from(answers.keys());
const measured = { indices, labels: column(0), original: column(1), compressed: column(2) };
const order = (entries: readonly GridEntry[]) => entries.map((entry) => entry.image);

describe('gridEntries', () => {
  it('puts the changed first, those that became wrong before the others, then the wrong', () => {
    expect(order(gridEntries(measured))).toEqual([3, 6, 2, 4, 1, 0, 5]);
  });

  it('takes labels by image and answers by position', () => {
    const some = {
      ...measured,
      indices: Uint32Array.of(6, 3),
      original: Int32Array.of(1, 0),
      compressed: null,
    };
    expect(gridEntries(some)).toEqual([
      { image: 3, label: 0, original: 0, compressed: null },
      { image: 6, label: 1, original: 1, compressed: null },
    ]);
  });

  it('puts the original’s mistakes first while nothing else was measured', () => {
    expect(order(gridEntries({ ...measured, compressed: null }))).toEqual([1, 2, 4, 0, 3, 5, 6]);
  });

  it('keeps the set’s order without any answers', () => {
    expect(order(gridEntries({ ...measured, original: null, compressed: null }))).toEqual([...indices]);
  });

  it('knows changes but no mistakes without labels', () => {
    const entries = gridEntries({ ...measured, labels: null });
    expect(order(entries)).toEqual([2, 3, 4, 6, 0, 1, 5]);
    expect(entries.some(isAnyWrong)).toBe(false);
  });

  it('never takes images without an answer for unchanged', () => {
    const none = Int32Array.of(-1);
    const entries = gridEntries({
      indices: Uint32Array.of(0),
      labels: null,
      original: none,
      compressed: none,
    });
    expect(entries.filter((entry) => passesFilter(entry, 'changed'))).toHaveLength(1);
  });
});

describe('passesFilter', () => {
  const kept = (filter: 'all' | 'changed' | 'wrong') =>
    order(gridEntries(measured).filter((entry) => passesFilter(entry, filter))).sort((a, b) => a - b);

  it('keeps all, the changed, or those that the compressed network gets wrong', () => {
    expect(kept('all')).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(kept('changed')).toEqual([2, 3, 4, 6]);
    expect(kept('wrong')).toEqual([1, 3, 4, 6]);
  });
});

describe('describeEntry', () => {
  const entry = { image: 11, label: 6, original: 6, compressed: 2 };

  it('names classes and counts images from 1', () => {
    expect(describeEntry(entry, [...'ABCDEFG'], 'ENC-Map')).toBe('image 12: G, original G, ENC-Map C');
  });

  it('numbers classes without names and leaves out what is not known', () => {
    expect(describeEntry({ ...entry, compressed: null }, null, 'ENC-Map')).toBe(
      'image 12: class 6, original class 6',
    );
    expect(describeEntry({ ...entry, label: null, original: -1 }, null, 'Uniform')).toBe(
      'image 12: no label, original none, Uniform class 2',
    );
  });
});
