import { describe, expect, it } from 'vitest';
import { opened, ready } from '../testing/states';
import { withPreprocessing, withSettings } from '../transitions';
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

it('choices hold what is in use, and change its setting as the address writes it', () => {
  const assumption = {
    ...{ what: 'Search', value: 'box', because: 'the metric', option: 'search' },
    alternatives: [{ value: 'all', text: 'every rank' }],
    choice: { setting: 'searchesAll', value: 'box' },
  } as const;
  expect(choicesOf(assumption).map(({ value }) => value)).toEqual(['box', 'all']);
  expect(settingsOfChoice(assumption, 'all')).toEqual({ searchesAll: true });
});
