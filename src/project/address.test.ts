import { activationChoices, weightChoices } from '../compression/steps/quantise';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { methods } from '../compression/methods';
import { classOrderChoices } from '../network/classOrders';
import { queryOf, settingsFrom } from './address';
import { automatic, offeredMetrics } from './metricChoices';
import { budgetCosts, defaultSettings, rankMultiples, settingList, type Settings } from './settings';

describe('the address', () => {
  it('restores what it was written from', () => {
    const settings = { ...defaultSettings, target: 0.355, method: 'uniform' };
    expect(settingsFrom(queryOf(settings, ''))).toEqual({ target: 0.355, method: 'uniform' });
  });
  it('restores everything that plans follow from', () => {
    const change = { searchesAll: false, candidates: 7, split: { calibration: 40, selection: 120 }, seed: 5 };
    const settings = { ...defaultSettings, ...change, metric: 'measured' };
    expect(settingsFrom(queryOf(settings, ''))).toMatchObject({ ...change, metric: 'measured' });
    const defaults = settingsFrom(queryOf(defaultSettings, '?search=all&split=1,2&candidates=7'));
    expect({ ...defaultSettings, ...defaults }).toEqual(defaultSettings);
  });
  it('restores whatever a person can set, for every setting that it says', () => {
    const method = fc.constantFrom(...methods.all.map(({ id }) => id));
    const whole = fc.nat({ max: 5000 });
    const settings: fc.Arbitrary<Settings> = fc.record({
      target: fc.integer({ min: 50, max: 1000 }).map((thousandths) => thousandths / 1000),
      method,
      overrides: fc.constant({}),
      limits: fc.constant({}),
      factorisations: fc.constant({}),
      second: fc.option(
        fc.record({
          cost: fc.constantFrom(...budgetCosts.map(({ id }) => id)),
          share: fc.integer({ min: 50, max: 1000 }).map((thousandths) => thousandths / 1000),
        }),
      ),
      cost: fc.constantFrom(...budgetCosts.map(({ id }) => id)),
      multiple: fc.constantFrom(...rankMultiples),
      preprocessing: fc.constant(defaultSettings.preprocessing),
      preprocessingIsGuess: fc.constant(true),
      metric: fc.constantFrom(automatic, ...offeredMetrics().map(({ id }) => id)),
      output: fc.option(fc.string({ minLength: 1 })),
      inputSize: fc.option(
        fc.record({ height: fc.integer({ min: 1, max: 9999 }), width: fc.integer({ min: 1, max: 9999 }) }),
      ),
      subset: fc.constantFrom('auto', 'test', 'val', 'train'),
      labelColumn: fc.constantFrom(null, 'dx', 'two words', '&=?'),
      classOrder: fc.constantFrom(...classOrderChoices),
      pixelRange: fc.constantFrom('auto', 'as-is', '0..1', '-3..4095.5'),
      seed: whole,
      split: fc.option(
        fc.record(
          { calibration: whole, selection: whole, report: fc.integer({ min: 1, max: 5000 }) },
          { requiredKeys: ['calibration', 'selection'] },
        ),
        { nil: null },
      ),
      searchesAll: fc.constantFrom(null, true, false),
      searchSpread: fc.constant(null),
      searchSlack: fc.constant(null),
      candidates: fc.integer({ min: 2, max: 100 }),
      lossLevel: fc.integer({ min: 1, max: 500 }).map((thousandths) => thousandths / 1000),
      pair: fc.tuple(fc.oneof(method, fc.constant('saved')), method),
      isRepairing: fc.boolean(),
      weights: fc.constantFrom(...weightChoices),
      activations: fc.constantFrom(...activationChoices),
    });
    fc.assert(
      fc.property(settings, (own) => {
        expect({ ...defaultSettings, ...settingsFrom(queryOf(own, '?sample=vgg')) }).toEqual(own);
      }),
    );
  });
  it('ignores sizes and counts that no control would give', () => {
    expect(settingsFrom('?split=4&candidates=1&search=some')).toEqual({});
    expect(settingsFrom('?split=-4,5&candidates=1000')).toEqual({});
    expect(settingsFrom('?second=speed=0.5')).toEqual({});
    expect(settingsFrom('?second=macs')).toEqual({});
    expect(settingsFrom('?second=macs=0.001')).toEqual({});
  });
  it('leaves other parameters as they are', () => {
    expect(queryOf(defaultSettings, '?backend=wasm&target=0.1')).toBe('?backend=wasm&target=0.5&method=map');
  });
  it('ignores what it cannot read', () => {
    expect(settingsFrom('?target=seven&method=magic')).toEqual({});
    expect(settingsFrom('?target=0.001')).toEqual({});
    expect(settingsFrom('')).toEqual({});
  });
  it('gives every setting a parameter of its own', () => {
    const parameters = settingList.flatMap(([, { address }]) => (address ? [address.parameter] : []));
    expect(new Set(parameters).size).toBe(parameters.length);
  });
});
