import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText } from '../network/canonical';
import type { Draw } from './draw';
import { drawnIndices } from './draw';
import { isOriginal, lowRankRecipe, originalRecipe, ranksOf, recipeKey, withoutSteps } from './recipe';
import type { LayerChoice, Recipe, Step } from './recipe';

const whole = fc.nat({ max: 1000 });
const draw: fc.Arbitrary<Draw> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.record({ kind: fc.constant('run' as const), from: whole, count: whole }),
  fc.record({ kind: fc.constant('shuffled' as const), seed: whole, from: whole, count: whole }),
);
const preprocessing = fc.record({
  channels: fc.constantFrom('rgb' as const, 'bgr' as const, 'grey' as const),
  mean: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 3 }),
  scale: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 3 }),
});
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('repair' as const, 'refit' as const),
  images: fc.record({ images: fc.string(), draw, preprocessing }),
  settings: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()), { maxKeys: 2 }),
  seed: whole,
});
const choice: fc.Arbitrary<LayerChoice> = fc.oneof(
  fc.constant({ kind: 'whole' as const }),
  fc.record({
    kind: fc.constant('low-rank' as const),
    factorisation: fc.constantFrom('spatial' as const, 'channel' as const, 'dense' as const),
    rank: fc.integer({ min: 1, max: 64 }),
  }),
);
const recipe: fc.Arbitrary<Recipe> = fc.record({
  network: fc.string(),
  layers: fc.dictionary(fc.string(), choice, { maxKeys: 6 }),
  steps: fc.array(step, { maxLength: 2 }),
});

/** What a recipe says, by the definition of the key and the slow way. */
function meaning({ network, layers, steps }: Recipe): string {
  const cut = Object.entries(layers).filter(([, { kind }]) => kind !== 'whole');
  return canonicalText([network, Object.fromEntries(cut), cut.length === 0 ? [] : steps]);
}

test('two recipes share a key exactly where they say the same', () => {
  fc.assert(
    fc.property(recipe, recipe, (a, b) => {
      expect(recipeKey(a) === recipeKey(b)).toBe(meaning(a) === meaning(b));
    }),
    { numRuns: 500 },
  );
});

/** Every way to change one number, text or member somewhere within plain data. */
function changed(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, -value - 0.5];
  if (typeof value === 'string') return [`${value}x`, ` ${value}`];
  if (Array.isArray(value)) {
    const inside = value.flatMap((part, index) => changed(part).map((other) => value.with(index, other)));
    return [...inside, ...(value.length > 0 ? [value.slice(1)] : [])];
  }
  const entries = Object.entries(value as object);
  return entries.flatMap(([key, part]) =>
    changed(part).map((other) => ({ ...(value as object), [key]: other })),
  );
}

test('any change to what a recipe says changes its key', () => {
  const cut = recipe.filter((own) => !isOriginal(own));
  fc.assert(
    fc.property(cut, (own) => {
      const key = recipeKey(own);
      for (const other of changed(own) as Recipe[]) {
        if (meaning(other) !== meaning(own)) expect(recipeKey(other)).not.toBe(key);
      }
      // The change reaches every part: at least the network, a layer and, where there are any, its steps.
      expect(new Set((changed(own) as Recipe[]).map(meaning)).size).toBeGreaterThan(4);
    }),
    { numRuns: 100 },
  );
});

test('the order of layers, whole layers and a copy by way of JSON do not change the key', () => {
  fc.assert(
    fc.property(recipe, fc.string(), (own, name) => {
      const reversed = Object.fromEntries(Object.entries(own.layers).reverse());
      const layers = Object.hasOwn(reversed, name)
        ? reversed
        : { ...reversed, [name]: { kind: 'whole' as const } };
      expect(recipeKey({ ...own, layers })).toBe(recipeKey(own));
      const copy = JSON.parse(JSON.stringify(own)) as Recipe;
      expect(recipeKey(copy)).toBe(recipeKey(own));
    }),
  );
});

test('steps count in their order, and only where something is cut', () => {
  const base = lowRankRecipe('n', { a: 3, b: null }, () => 'spatial');
  const images = {
    images: 'i',
    draw: { kind: 'all' },
    preprocessing: { channels: 'rgb', mean: [0], scale: [1] },
  } as const;
  const steps: Step[] = [
    { kind: 'repair', images, settings: {}, seed: 1 },
    { kind: 'repair', images, settings: {}, seed: 2 },
  ];
  expect(ranksOf(base)).toEqual({ a: 3 });
  expect(recipeKey({ ...base, steps })).not.toBe(recipeKey({ ...base, steps: steps.toReversed() }));
  expect(recipeKey(withoutSteps({ ...base, steps }))).toBe(recipeKey(base));
  expect(recipeKey({ ...originalRecipe('n'), steps })).toBe(recipeKey(originalRecipe('n')));
});

test('a draw gives rising indices that its set holds, and the parts of a shuffled set share none', () => {
  fc.assert(
    fc.property(fc.nat({ max: 60 }), draw, whole, whole, whole, (count, own, seed, from, size) => {
      const indices = drawnIndices(own, count);
      expect([...indices]).toEqual([...new Set(indices)].sort((a, b) => a - b));
      expect(indices.every((index) => index < count)).toBe(true);
      const first = drawnIndices({ kind: 'shuffled', seed, from: 0, count: from }, count);
      const next = drawnIndices({ kind: 'shuffled', seed, from, count: size }, count);
      expect(next.some((index) => first.includes(index))).toBe(false);
    }),
  );
});
