import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { ready } from './testing/states';
import { planText } from './planFiles';

const state = ready(0.5);
const { summary } = state.network!;
const planned = state.completed!.plans.map!;

it('writes a plan whose layers add up to its MACs', () => {
  const file = JSON.parse(planText('json', summary, 'energy', planned, planned.recipe)) as {
    readonly ranks: unknown;
    readonly macs: number;
    readonly layers: readonly { readonly macs: number; readonly originalMacs: number }[];
  };
  expect(file.ranks).toEqual(planned.plan.ranks);
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
