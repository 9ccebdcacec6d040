import { describe, expect, it } from 'vitest';
import { original } from '../../project/measurements';
import { withMeasured } from '../../project/testing/measuredStates';
import { ready } from '../../project/testing/states';
import { withImages, withPlans, withPreprocessing, withSavedPlan } from '../../project/transitions';
import { detectionNote, layerNamed, preprocessingDoubt, sidePlan } from './selectors';
import { initialState, type StudioState } from './state';

const page = (target = 0.5): StudioState => ({ ...initialState, ...ready(target) });

describe('preprocessingDoubt', () => {
  const answering = (state: StudioState, top1: number) =>
    preprocessingDoubt(withMeasured(state, original(state)!, { top1 }));

  it('speaks up where the original is mostly wrong', () => {
    const chosen = withPreprocessing(page(), { channels: 'rgb', mean: [0], scale: [1] });
    expect(answering(chosen, 1)).toContain('25.0 %');
    expect(answering(chosen, 4)).toBeNull();
    expect(preprocessingDoubt(chosen)).toBeNull();
  });
  it('says that the preprocessing is a guess until somebody chose it', () => {
    expect(answering(page(), 4)).toContain('guess');
  });
});

describe('sidePlan', () => {
  it('is the same object for the same plan, and null where there is none', () => {
    const state = page();
    expect(sidePlan(state, 'map')).toBe(sidePlan(withPlans(state, 0.5, state.completed!.plans), 'map'));
    expect(sidePlan(state, 'inf')).toBeNull();
    expect(sidePlan(state, 'saved')).toBeNull();
  });
  it('says of a saved plan what it said of the plan', () => {
    const state = page();
    const { plan, recipe } = state.completed!.plans.uniform!;
    const { method, achieved, costs } = plan;
    const saved = withSavedPlan(state, { method, target: 0.5, achieved, costs, recipe });
    expect(sidePlan(saved, 'saved')).toEqual(sidePlan(state, 'uniform'));
    expect(sidePlan(saved, 'saved')).toBe(sidePlan({ ...saved }, 'saved'));
  });
});

it('a detection is shown for its network and images alone', () => {
  const best = { preset: 'raw', preprocessing: { channels: 'rgb', mean: [0], scale: [1] } } as const;
  const detection = { network: 'network-1', images: 'images-1', best, rows: [], isGuess: false };
  const state = page();
  const noted = { ...state, document: { ...state.document, detection } };
  expect(detectionNote(noted)).toBe(detection);
  expect(detectionNote(withImages(noted, { ...state.images!, fingerprint: 'others' }))).toBeNull();
  expect(detectionNote(state)).toBeNull();
});

it('a layer is found by its name', () => {
  expect(layerNamed(page(), 'b')?.name).toBe('b');
  expect(layerNamed(page(), 'none')).toBeNull();
});
