import { describe, expect, it } from 'vitest';
import { opened, ready } from '../testing/states';
import { withImages, withPreprocessing, withSettings } from '../transitions';
import { choicesOf, settingsOfChoice } from './choosing';
import { assumed, assumptions } from '.';

const stateOf = (id: string, state = ready()) => assumed(state).find((assumption) => assumption.id === id);

describe('what is assumed', () => {
  it('is nothing before there are images', () => {
    expect(assumed(opened())).toEqual([]);
  });

  it('is the same list until something changes', () => {
    const state = ready();
    expect(assumed(state)).toBe(assumed({ ...state }));
    expect(assumed(withSettings(state, { seed: 3 }))).not.toBe(assumed(state));
  });

  it('takes what an extension adds', () => {
    const own = { what: 'Weather', value: 'fine', because: 'it is', option: null, alternatives: [] };
    const remove = assumptions.add({ id: 'weather', of: () => own });
    expect(stateOf('weather')).toEqual({ id: 'weather', ...own });
    remove();
  });
});

describe('preprocessing', () => {
  it('is the default until somebody chooses', () => {
    expect(stateOf('preprocessing')).toMatchObject({
      value: 'RGB, 0 to 1',
      because: 'the default: nothing says otherwise',
    });
    const raw = { channels: 'bgr', mean: [0], scale: [1] } as const;
    expect(stateOf('preprocessing', withPreprocessing(ready(), raw))).toMatchObject({
      value: 'BGR, Raw',
      because: 'it was chosen',
    });
  });
});

describe('the range of pixels', () => {
  const images = ready().images!;
  const found = { from: 0, to: 1.00012 };

  it('says what the values were taken for, and offers others', () => {
    expect(stateOf('pixel-range')).toBeUndefined();
    const range = { range: { from: 0, to: 1 }, isChosen: false, found, clipped: 1 };
    const assumption = stateOf('pixel-range', withImages(ready(), { ...images, range }));
    expect(assumption).toMatchObject({
      value: '0 to 1',
      because: 'values from 0 to 1.0001, 1 of them beyond',
      option: 'pixel-range',
    });
    expect(choicesOf(assumption!).map(({ value }) => value)).toEqual(['auto', '0..255', '-1..1', 'as-is']);
    expect(settingsOfChoice(assumption!, '0..255')).toEqual({ pixelRange: '0..255' });
  });

  it('decides the preprocessing of arrays that were normalised before, whatever the network’s files say', () => {
    const asIs = { range: 'as-is', isChosen: false, found: { from: -2.1, to: 2.6 }, clipped: 0 } as const;
    const state = withImages(ready(), { ...images, fingerprint: 'other', range: asIs });
    expect(state.document.settings).toMatchObject({
      preprocessing: { mean: [0], scale: [1] },
      preprocessingIsGuess: false,
    });
    expect(stateOf('preprocessing', state)?.because).toBe('as the values stand in the array');
    const signed = { ...asIs, range: { from: -1, to: 1 } };
    const guess = withImages(ready(), { ...images, fingerprint: 'third', range: signed });
    expect(guess.document.settings).toMatchObject({
      preprocessing: { mean: [127.5], scale: [1 / 127.5] },
      preprocessingIsGuess: true,
    });
    // What a person has chosen since then stays when the same images are read again.
    const chosen = withPreprocessing(state, { channels: 'rgb', mean: [3], scale: [1] });
    expect(withImages(chosen, state.images!).document.settings.preprocessing.mean).toEqual([3]);
  });
});

it('choices hold what is in use, and change its setting as the address writes it', () => {
  const assumption = {
    ...{ what: 'Search', value: 'box', because: 'the metric', option: 'search' },
    alternatives: [{ value: 'all', text: 'every rank' }],
    choice: { setting: 'searchesAll', value: 'box' },
  } as const;
  expect(choicesOf(assumption).map(({ value }) => value)).toEqual(['box', 'all']);
  expect(settingsOfChoice(assumption, 'all')).toEqual({ searchesAll: true });
});
