import { describe, expect, it } from 'vitest';
import type { LayerDescription } from '../network/layers';
import { isIncluded } from './inclusion';

const layer = (name: string, change: Partial<LayerDescription> = {}) =>
  ({ name, kept: null, keptByDefault: null, ...change }) as LayerDescription;

describe('isIncluded', () => {
  const plain = layer('a');
  const keptByDefault = layer('c', { keptByDefault: 'It gives the classes.' });
  it('keeps what is kept by default unless a person includes it', () => {
    expect(isIncluded(plain, {})).toBe(true);
    expect(isIncluded(plain, { a: false })).toBe(false);
    expect(isIncluded(keptByDefault, {})).toBe(false);
    expect(isIncluded(keptByDefault, { c: true })).toBe(true);
  });
  it('never includes a layer that cannot be factorised', () => {
    expect(isIncluded({ ...plain, kept: 'Depthwise.' }, { a: true })).toBe(false);
  });
  it('takes names that every object has for layers like any other', () => {
    expect(isIncluded(layer('constructor'), {})).toBe(true);
  });
});
