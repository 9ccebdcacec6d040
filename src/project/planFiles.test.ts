import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { lowRankRecipe, recipeKey } from '../compression/recipe';
import { ready } from './testing/states';
import { planText, readPlan } from './planFiles';

const state = ready(0.5);
const { summary } = state.network!;
const planned = state.completed!.plans.map!;

it('writes a plan whose layers add up to its MACs', () => {
  const file = JSON.parse(planText('json', summary, 'energy', planned, planned.recipe)) as {
    readonly ranks: unknown;
    readonly cost: string;
    readonly target: number;
    readonly macs: number;
    readonly layers: readonly { readonly macs: number; readonly originalMacs: number }[];
  };
  expect(file.ranks).toEqual(planned.plan.ranks);
  expect([file.cost, file.target]).toEqual(['macs', 0.5]);
  const others = summary.macs - file.layers.reduce((sum, { originalMacs }) => sum + originalMacs, 0);
  expect(file.layers.reduce((sum, { macs }) => sum + macs, others)).toBeCloseTo(file.macs, 6);
});

it('writes a table that other programs read', () => {
  const odd = {
    ...summary,
    layers: summary.layers.map((layer) => ({ ...layer, kind: 'a "b", c' as 'dense' })),
  };
  const { data, errors } = Papa.parse<Record<string, string>>(
    planText('csv', odd, 'energy', planned, planned.recipe),
    {
      header: true,
      skipEmptyLines: true,
    },
  );
  expect(errors).toEqual([]);
  expect(data.map(({ name }) => name)).toEqual(summary.layers.map(({ name }) => name));
  expect(data.map(({ rank }) => rank)).toEqual(
    summary.layers.map(({ name }) => String(planned.plan.ranks[name] ?? 'whole')),
  );
  expect(data[0]!.kind).toBe('a "b", c');
});

it.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://a")'])(
  'writes a layer named %j as text, not as what a spreadsheet computes',
  (name) => {
    const odd = { ...summary, layers: summary.layers.map((layer) => ({ ...layer, name })) };
    const { data } = Papa.parse<Record<string, string>>(
      planText('csv', odd, 'energy', planned, planned.recipe),
      { header: true, skipEmptyLines: true, newline: '\r\n' },
    );
    for (const row of data) expect(row.name).toBe(`'${name}`);
  },
);

it('leaves numbers below zero numbers, and other names as they are', () => {
  const [first, ...others] = summary.layers;
  const odd = { ...summary, layers: [{ ...first!, name: '-5' }, { ...first!, name: 'a=b' }, ...others] };
  const { data } = Papa.parse<Record<string, string>>(
    planText('csv', odd, 'energy', planned, planned.recipe),
    {
      header: true,
    },
  );
  expect(data.slice(0, 2).map(({ name }) => name)).toEqual(['-5', 'a=b']);
});

describe('a plan that is read', () => {
  const text = planText('json', summary, 'energy', planned, planned.recipe);

  it('holds the ranks and the recipe that were written', () => {
    const { ranks, recipe } = readPlan(text, 'plan.json');
    expect(ranks).toMatchObject(planned.plan.ranks);
    expect(recipe).toEqual(planned.recipe);
    expect(readPlan('{"a": 2, "b": null}', 'plan.json')).toEqual({ ranks: { a: 2, b: null }, recipe: null });
  });

  it.each(['constructor', '__proto__', 'prototype', 'toString'])(
    'holds the rank of a layer called %s, with and without a recipe',
    (name) => {
      expect(Object.entries(readPlan(`{"${name}": 2}`, 'plan.json').ranks)).toEqual([[name, 2]]);
      const recipe = lowRankRecipe('n', Object.fromEntries([[name, 3]]), () => 'spatial');
      const ranks = `{"${name}": 3}`;
      const whole = `{"ranks": ${ranks}, "key": ${JSON.stringify(recipeKey(recipe))}, "recipe": ${JSON.stringify(recipe)}}`;
      expect(Object.entries(readPlan(whole, 'plan.json').ranks)).toEqual([[name, 3]]);
      expect(Object.entries(readPlan(`{"ranks": ${ranks}}`, 'plan.json').ranks)).toEqual([[name, 3]]);
    },
  );

  const { key } = JSON.parse(text) as { readonly key: string };
  const form = 'an object from layer name to a whole rank or null, or a plan that the studio wrote';
  it.each([
    ['{"a": 0.5}', `expected ${form}, found something else; write the plan again.`],
    ['{"a": 0}', `expected ${form}, found something else; write the plan again.`],
    ['{"a": 19.5}', `expected ${form}, found something else; write the plan again.`],
    ['{"a": -2}', `expected ${form}, found something else; write the plan again.`],
    ['{"a": "8"}', `expected ${form}, found something else; write the plan again.`],
    ['{"a": 1e300}', `expected ${form}, found something else; write the plan again.`],
    ['{"constructor": 0.5}', `expected ${form}, found something else; write the plan again.`],
    ['[1, 2]', `expected ${form}, found something else; write the plan again.`],
    ['', 'expected JSON, found Unexpected end of JSON input; write the file again.'],
    [
      text.replace(`"key": "${key}"`, '"key": "of-another"'),
      'expected the recipe that its key of-another names, found another; the file was changed by hand.',
    ],
    [
      text.replace(`"key": "${key}",`, ''),
      'expected the recipe that its key (none) names, found another; the file was changed by hand.',
    ],
  ])('is refused where it is damaged (%#)', (damaged, sentence) => {
    expect(() => readPlan(damaged, 'plan.json')).toThrow(`plan.json: ${sentence}`);
  });
});
