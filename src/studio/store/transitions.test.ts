import { describe, expect, it } from 'vitest';
import { recipeKey } from '../../compression/recipe';
import { network, ready } from '../../project/testing/states';
import { initialState, type StudioState } from './state';
import { withTarget } from '../../project/transitions';
import { settingsFrom, queryOf } from '../../project/address';
import { withSettings } from '../../project/transitions';
import { createStudioStore } from './store';
import { linkedSettings, withNetwork, withPresentPlans } from './transitions';

const pageAt = (target: number): StudioState => ({ ...initialState, ...ready(target) });
const comparison = { images: 4, largestDifference: 0, largestScore: 1, runtime: null };

/** The page after ENC-Map's plan was written. */
function written(target: number): StudioState {
  const state = pageAt(target);
  const note = {
    recipe: recipeKey(state.completed!.plans.map!.recipe),
    fileName: 'x.onnx',
    comparison,
    stored: null,
  };
  return { ...state, exports: { map: note } };
}

describe('withNetwork', () => {
  it('voids written files and selects the first layer', () => {
    const before = written(0.3);
    const focused = { ...before, ui: { ...before.ui, focusedLayer: 'b', selectedLayer: 'b' } };
    const after = withNetwork(focused, 'other', {
      ...network,
      fingerprint: 'network-2',
      content: 'network-2',
    });
    expect(after.exports).toEqual({});
    expect(after.ui.selectedLayer).toBe('a');
    expect(after.ui.focusedLayer).toBeNull();
    expect(after.completed).toBeNull();
    expect(after.images).toBe(before.images);
  });
  it('selects the first layer that may be cut, also before layers are timed for a budget on time', () => {
    const kept = { ...network.layers[0]!, name: 'first', keptByDefault: 'It reads the image.' };
    const summary = { ...network, layers: [kept, ...network.layers] };
    for (const cost of ['macs', 'time']) {
      const before = createStudioStore({ cost }).getState();
      expect(withNetwork(before, 'own', summary).ui.selectedLayer).toBe('a');
    }
  });
});

describe('a link that decides about layers', () => {
  const query = '?target=0.5&rank=a=3,c=2..5&method=map&cut=c=on';
  const named = (...names: string[]) => ({
    ...network,
    layers: names.map((name) => ({ ...network.layers[0]!, name })),
  });
  const linkOf = (state: StudioState) => queryOf(linkedSettings(state), '');

  it('waits for the network that has all of them, and is whole meanwhile', () => {
    const before = createStudioStore(settingsFrom(query)).getState();
    expect(before.document.settings.limits).toEqual({});
    const other = withNetwork(before, 'other', named('a', 'b'));
    expect(other.document.settings).toMatchObject({ limits: {}, overrides: {} });
    expect(linkOf(other)).toBe(query);
    const own = withNetwork(other, 'own', named('/a/Conv', 'b', '/c/Conv'));
    expect(own.document.settings).toMatchObject({
      limits: { '/a/Conv': { least: 3, most: 3 }, '/c/Conv': { least: 2, most: 5 } },
      overrides: { '/c/Conv': true },
    });
    expect(linkOf(own)).toBe(query);
    expect(withNetwork(own, 'next', named('d')).document.settings.limits).toEqual({});
  });
  it('gives way to what a person decides', () => {
    const other = withNetwork(createStudioStore(settingsFrom(query)).getState(), 'other', named('a', 'b'));
    const decided = withSettings(other, { limits: { b: { most: 4 } } });
    expect(linkOf(decided)).toBe('?target=0.5&rank=b=..4&method=map');
  });
  it('calls a layer by its whole name where the short one is another’s', () => {
    const own = withNetwork(initialState, 'own', named('/a/Conv', '/a/Conv_1', 'b'));
    const decided = withSettings(own, { overrides: { '/a/Conv': false, b: false } });
    expect(linkOf(decided)).toBe('?target=0.5&method=map&cut=/a/Conv=off,b=off');
  });
});

describe('withPresentPlans', () => {
  it('forgets a written file as soon as its method proposes another recipe', () => {
    const state = written(0.5);
    expect(withPresentPlans(state).exports).toBe(state.exports);
    const moved = withTarget(state, 0.3);
    expect(withPresentPlans(moved).completed!.target).toBe(0.3);
    expect(withPresentPlans(moved).exports).toEqual({});
  });
});
