import { describe, expect, it } from 'vitest';
import { orderQuestion } from '../../project/labelling';
import { original } from '../../project/measurements';
import { withMeasured } from '../../project/testing/measuredStates';
import { ready } from '../../project/testing/states';
import { withPlans, withSavedPlan } from '../../project/foundTransitions';
import { withImages, withOrderNote, withPreprocessing } from '../../project/transitions';
import { detectionNote, layerNamed, inputDoubt, sidePlan } from './selectors';
import { initialState, type StudioState } from './state';

const page = (target = 0.5): StudioState => ({ ...initialState, ...ready(target) });

describe('inputDoubt', () => {
  const answering = (state: StudioState, top1: number) =>
    inputDoubt(withMeasured(state, original(state)!, { top1 }));

  it('speaks up where the original is mostly wrong', () => {
    const chosen = withPreprocessing(page(), { channels: 'rgb', mean: [0], scale: [1] });
    expect(answering(chosen, 1)).toContain('25.0 %');
    expect(answering(chosen, 4)).toBeNull();
    expect(inputDoubt(chosen)).toBeNull();
  });
  it('says that the preprocessing is a guess until somebody chose it', () => {
    expect(answering(page(), 4)).toContain('guess');
  });
});

describe('inputDoubt of the order of classes', () => {
  it('is said where the images could not decide it, alone or beside the preprocessing', () => {
    const labels = Int32Array.of(0, 1, 1, 0);
    const matching = { by: 'order', file: null } as const;
    const readings = (['numeric', 'text'] as const).map((order) => ({
      ...{ column: null, order, labels, classNames: null, matching, fingerprint: order },
    }));
    const images = {
      ...page().images!,
      fingerprint: 'numeric',
      labelChoices: { readings, table: null, notes: [] },
    };
    const state = withPreprocessing(withImages(page(), images), { channels: 'rgb', mean: [0], scale: [1] });
    const answering = (top1: number, decided: 'numeric' | null) => {
      const note = { images: 4, rows: [], decided };
      const asked = withOrderNote(state, orderQuestion(state.images, state)!.key, note);
      return inputDoubt(withMeasured(asked, original(asked)!, { top1 }));
    };
    expect(answering(4, 'numeric')).toBeNull();
    expect(answering(4, null)).toContain('could not be decided');
    expect(answering(1, null)).toContain('and are its classes in this order?');
    expect(answering(1, 'numeric')).not.toContain('order');
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
