import { expect, it } from 'vitest';
import { historyFrom, noted, redone, undone } from './history';
import { defaultSettings, settingList, type Settings } from './settings';

/** Another value for every setting. */
const others: Settings = {
  target: 0.31,
  method: 'uniform',
  overrides: { a: true },
  cost: 'parameters',
  multiple: 8,
  second: { cost: 'parameters', share: 0.4 },
  limits: { a: { least: 3, most: 9 } },
  factorisations: { a: 'channel' },
  preprocessing: { channels: 'bgr', mean: [1], scale: [2] },
  preprocessingIsGuess: false,
  metric: 'energy',
  sweepMinutes: 2,
  pixelRange: '0..1',
  subset: 'train',
  output: 'logits',
  inputSize: { height: 224, width: 160 },
  labelColumn: 'dx',
  classOrder: 'text',
  seed: 4,
  split: { calibration: 1, selection: 2 },
  searchesAll: true,
  searchSpread: 0.2,
  searchSlack: 0.01,
  candidates: 31,
  lossLevel: 0.2,
  pair: ['model', 'saved'],
  isRepairing: false,
  epochs: 3,
  mirror: false,
  weights: 'int8',
  activations: 'int8',
};

it('goes back and forth over every setting that says so, the number of raced plans among them', () => {
  for (const [name, { isUndoable }] of settingList) {
    const changed = { ...defaultSettings, [name]: others[name] };
    const history = noted(historyFrom(defaultSettings), changed);
    if (!isUndoable) {
      expect(history.past, name).toEqual([]);
      continue;
    }
    const back = undone(history)!;
    expect(back.present[name], name).toBe(defaultSettings[name]);
    expect(redone(back)!.present[name], name).toBe(others[name]);
  }
  expect(settingList.filter(([, { isUndoable }]) => isUndoable).map(([name]) => name)).toContain(
    'candidates',
  );
});

it('has nothing before the first step and after the last, and forgets what was undone after another change', () => {
  const first = historyFrom(defaultSettings);
  expect(undone(first)).toBeNull();
  expect(redone(first)).toBeNull();
  expect(noted(first, defaultSettings)).toBe(first);
  const one = noted(first, { ...defaultSettings, seed: 1 });
  const other = noted(undone(one)!, { ...defaultSettings, seed: 2 });
  expect(redone(other)).toBeNull();
  expect(other.past).toHaveLength(1);
});
