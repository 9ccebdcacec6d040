import { describe, expect, it } from 'vitest';
import { initialState } from '../store/state';
import { backendFrom, queryOf, requestedFrom } from './location';

describe('the address', () => {
  it('restores what it was written from', () => {
    const requested = { ...initialState.requested, target: 0.355, method: 'uniform' as const };
    expect(requestedFrom(queryOf(requested, ''))).toEqual({ target: 0.355, method: 'uniform' });
  });
  it('leaves other parameters as they are', () => {
    expect(queryOf(initialState.requested, '?backend=wasm&target=0.1')).toBe(
      '?backend=wasm&target=0.5&method=map',
    );
  });
  it('ignores what it cannot read', () => {
    expect(requestedFrom('?target=seven&method=magic')).toEqual({});
    expect(requestedFrom('?target=0.001')).toEqual({});
    expect(requestedFrom('')).toEqual({});
  });
  it('insists on a backend only by its name', () => {
    expect(backendFrom('?backend=webgpu')).toBe('webgpu');
    expect(backendFrom('?backend=abacus')).toBe('auto');
    expect(backendFrom('')).toBe('auto');
  });
});
