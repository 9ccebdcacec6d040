import { describe, expect, it } from 'vitest';
import { backendFrom, withBackend } from './location';

describe('the address', () => {
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
