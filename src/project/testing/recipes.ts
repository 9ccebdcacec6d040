import * as fc from 'fast-check';
import type { Draw, DrawnImages } from '../../compression/draw';
import { methods } from '../../compression/methods';
import type { LayerChoice, Recipe, Step } from '../../compression/recipe';
import { steps } from '../../compression/steps';
import type { Preprocessing } from '../../network/images';

/*
 * Recipes and what they are made of: whatever a layer or a file may be called, whatever a network may have answered.
 */

/** Names that plain objects have members of already. */
const awkwardNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'a.b',
  'a\nb',
];

/** What files and layers may be called. */
export const anyName = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(...awkwardNames) },
);

export const whole = fc.nat({ max: 100_000 });
/** JSON knows no negative zero. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
export const share = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0);
/** What a network gives that a cut may have broken. */
export const measured = fc.oneof(
  { weight: 9, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
);
export const methodId = fc.constantFrom(...methods.all.map(({ id }) => id));
export const factorisation = fc.constantFrom('spatial' as const, 'channel' as const, 'dense' as const);

/** Values by any name; the object is a plain one, and each name a member of its own. */
export function recordOf<T>(value: fc.Arbitrary<T>, maxKeys = 4): fc.Arbitrary<Record<string, T>> {
  return fc
    .uniqueArray(fc.tuple(anyName, value), { selector: ([name]) => name, maxLength: maxKeys })
    .map((entries) => Object.fromEntries(entries));
}

const numbers = fc.array(number, { minLength: 1, maxLength: 3 });
export const preprocessing: fc.Arbitrary<Preprocessing> = fc.record({
  channels: fc.constantFrom('rgb' as const, 'bgr' as const, 'grey' as const),
  mean: numbers,
  scale: numbers,
});

const draw: fc.Arbitrary<Draw> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.record({ kind: fc.constant('run' as const), from: whole, count: whole }),
  fc.record(
    { kind: fc.constant('shuffled' as const), seed: whole, from: whole, count: whole, among: whole },
    { requiredKeys: ['kind', 'seed', 'from', 'count'] },
  ),
);

/** Some images of some set. */
export const anyDrawnImages: fc.Arbitrary<DrawnImages> = fc.record({ images: anyName, draw, preprocessing });

const step: fc.Arbitrary<Step> = fc.constantFrom(...steps.all).chain(({ id, defaults }) =>
  fc.record({
    kind: fc.constant(id),
    images: anyDrawnImages,
    settings: fc.constant(defaults),
    seed: whole,
  }),
);

const choice: fc.Arbitrary<LayerChoice> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'whole' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('low-rank' as const),
      factorisation,
      rank: fc.integer({ min: 1, max: 4096 }),
    }),
  },
);

/** A recipe of any layers and steps. */
export const anyRecipe: fc.Arbitrary<Recipe> = fc.record({
  network: anyName,
  layers: recordOf(choice),
  steps: fc.array(step, { maxLength: 2 }),
});
