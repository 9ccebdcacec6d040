import { describe, expect, it } from 'vitest';
import { initialState } from '../store/state';
import { backendFrom, queryOf, requestedFrom, withBackend } from './location';

describe('the address', () => {
  it('restores what it was written from', () => {
    const requested = { ...initialState.requested, target: 0.355, method: 'uniform' as const };
    expect(requestedFrom(queryOf(requested, ''))).toEqual({ target: 0.355, method: 'uniform' });
  });
  it('restores everything that plans follow from', () => {
    const change = { searchesAll: false, candidates: 7, split: { calibration: 40, selection: 120 }, seed: 5 };
    const requested = { ...initialState.requested, ...change, metric: 'measured' as const };
    expect(requestedFrom(queryOf(requested, ''))).toMatchObject({ ...change, metric: 'measured' });
    const defaults = requestedFrom(queryOf(initialState.requested, '?search=all&split=1,2&candidates=7'));
    expect({ ...initialState.requested, ...defaults }).toEqual(initialState.requested);
  });
  it('ignores sizes and counts that no control would give', () => {
    expect(requestedFrom('?split=4&candidates=1&search=some')).toEqual({});
    expect(requestedFrom('?split=-4,5&candidates=1000')).toEqual({});
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
  it('changes the backend and nothing else', () => {
    expect(withBackend('?sample=none&target=0.3&backend=wasm', 'cpu')).toBe(
      '?sample=none&target=0.3&backend=cpu',
    );
  });
  it('insists on a backend only by its name', () => {
    expect(backendFrom('?backend=webgpu')).toBe('webgpu');
    expect(backendFrom('?backend=abacus')).toBe('auto');
    expect(backendFrom('')).toBe('auto');
  });
});
