import { describe, expect, it } from 'vitest';
import { ready } from '../../project/testing/states';
import { withTarget } from '../../project/transitions';
import { initialState } from '../store/state';
import { backendFrom, shareLink, withBackend } from './location';

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

describe('shareLink', () => {
  const state = withTarget({ ...initialState, ...ready() }, 0.4);
  const limits = { a: { least: 3, most: 3 } };
  const locked = {
    ...state,
    document: { ...state.document, settings: { ...state.document.settings, limits } },
  };

  it('says every setting and what is open, whatever the page was opened by', () => {
    const link = (page: typeof state, address = 'https://studio.test/a/?sample=vgg&target=0.9&seed=3#x') =>
      shareLink(page, address);
    expect(link(locked)).toBe('https://studio.test/a/?sample=none&target=0.4&rank=a=3&method=map#x');
    const samples = { ...state.samples, opened: { [state.network!.summary.fingerprint]: 'residual' } };
    expect(link({ ...state, samples })).toBe(
      'https://studio.test/a/?sample=residual&target=0.4&method=map#x',
    );
  });
});
