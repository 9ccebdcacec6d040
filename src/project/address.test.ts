import { activationChoices, weightChoices } from '../compression/steps/quantise';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { methods } from '../compression/methods';
import { classOrderChoices } from '../network/classOrders';
import { areLayersTooLong, mostOfLayers, queryOf, settingsFrom } from './address';
import { automatic, offeredMetrics } from './metricChoices';
import {
  budgetCosts,
  defaultSettings,
  factorisationChoices,
  rankMultiples,
  settingList,
  type Settings,
} from './settings';

/** Names as frameworks give them, and whatever else a file may say. */
const layerName = fc.oneof(
  fc.constantFrom('conv3', 'stage2/conv1', 'a,b', '50%,', '%2C', 'x=1', '=', 'a b', '', '__proto__', 'c..d'),
  fc.string({ unit: 'grapheme' }),
);

/** Layers locked at ranks of their own. */
const locked = (count: number, nameOf: (index: number) => string): Settings => ({
  ...defaultSettings,
  limits: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [nameOf(index), { least: index + 1, most: index + 1 }]),
  ),
});

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
    const rank = fc.integer({ min: 1, max: 5000 });
    const multiple = fc.constantFrom(...rankMultiples);
    const share = fc.integer({ min: 0, max: 10_000 }).map((parts) => parts / 10_000);
    const limits = fc
      .record({ least: rank, most: rank, multiple }, { requiredKeys: [] })
      .filter(({ least = 1, most = Infinity }) => least <= most);
    const ofLayers = <T>(value: fc.Arbitrary<T>) => fc.dictionary(layerName, value, { maxKeys: 5 });
    const settings: fc.Arbitrary<Settings> = fc.record({
      target: fc.integer({ min: 50, max: 1000 }).map((thousandths) => thousandths / 1000),
      method,
      overrides: ofLayers(fc.boolean()),
      limits: ofLayers(limits),
      factorisations: ofLayers(fc.constantFrom(...factorisationChoices)),
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
      sweepMinutes: fc.option(fc.integer({ min: 5, max: 1_008_000 }).map((hundredths) => hundredths / 100)),
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
      epochs: fc.integer({ min: 1, max: 1000 }),
      mirror: fc.constantFrom(null, true, false),
      searchSpread: fc.option(share),
      searchSlack: fc.option(share),
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
  it('says of single layers what a person can read', () => {
    const settings: Settings = {
      ...defaultSettings,
      overrides: { conv5: false, 'stage1/conv1': true },
      limits: {
        conv3: { least: 24, most: 24 },
        conv4: { least: 8, most: 32, multiple: 4 },
        conv6: { most: 9 },
        conv7: { multiple: 8 },
      },
      factorisations: { conv3: 'channel' },
    };
    expect(queryOf(settings, '')).toBe(
      '?target=0.5&rank=conv3=24,conv4=8..32*4,conv6=..9,conv7=..*8&factorisation=conv3=channel&method=map' +
        '&cut=conv5=off,stage1/conv1=on',
    );
  });
  it('holds a hundred locked layers, and nothing of single layers where that is too long for a link', () => {
    const hundred = locked(100, (index) => `layer${index % 4}.${index}.conv2`);
    expect(areLayersTooLong(hundred)).toBe(false);
    expect(settingsFrom(queryOf(hundred, '')).limits).toEqual(hundred.limits);
    const many = {
      ...locked(1000, (index) => `layer${index}`),
      factorisations: { layer1: 'channel' as const },
    };
    expect(areLayersTooLong(many)).toBe(true);
    expect(queryOf(many, '?rank=a=3&backend=wasm')).toBe('?backend=wasm&target=0.5&method=map');
  });
  it('is no longer for single layers than it may be', () => {
    const counts = fc.integer({ min: 0, max: 600 });
    fc.assert(
      fc.property(counts, fc.string({ unit: 'grapheme' }), (count, end) => {
        const own = locked(count, (index) => `${index}${end}`);
        const query = queryOf(own, '');
        expect(query.length).toBeLessThanOrEqual(mostOfLayers + queryOf(defaultSettings, '').length);
        expect(areLayersTooLong(own)).toBe(count > 0 && !query.includes('rank='));
      }),
      { numRuns: 30 },
    );
  });
  it.each(['rank=conv3', 'rank=conv3=0', 'rank=conv3=9..8', 'rank=conv3=-2', 'rank=conv3=24,conv4=x'])(
    'ignores %s, and decides nothing then',
    (query) => expect(settingsFrom(`?${query}&cut=conv3=maybe&factorisation=conv3=round`)).toEqual({}),
  );
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
