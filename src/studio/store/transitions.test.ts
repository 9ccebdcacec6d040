import { describe, expect, it } from 'vitest';
import { recipeKey } from '../../compression/recipe';
import { network, ready } from '../../project/testing/states';
import { initialState, type StudioState } from './state';
import { withTarget } from '../../project/transitions';
import { withNetwork, withPresentPlans } from './transitions';

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
