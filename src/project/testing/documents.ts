import { activationChoices, weightChoices } from '../../compression/steps/quantise';
import * as fc from 'fast-check';
import { methods } from '../../compression/methods';
import { metrics } from '../../compression/metrics';
import { recipeKey, withStep } from '../../compression/recipe';
import { distilStep } from '../../compression/steps/distil';
import type { MeasuredPoint } from '../../enc/sweep/points';
import { classOrderChoices, classOrders } from '../../network/classOrders';
import { presets } from '../../network/presets';
import type { DetectionNote } from '../detection';
import {
  documentVersion,
  type DistilNote,
  type Document,
  type HistoryNote,
  type BytesNote,
  type LosslessNote,
  type RaceNote,
  type FileReference,
  type RepairNote,
  type SavedPlan,
} from '../document';
import type { OrderNote } from '../orderNote';
import { imagesKey, joinedKey, type Measurement } from '../measurement';
import { automatic } from '../metricChoices';
import { planSettings, type AskedSettings } from '../askedSettings';
import {
  budgetCosts,
  factorisationChoices,
  rankMultiples,
  candidateRange,
  epochRange,
  lossLevelRange,
  sweepMinutesRange,
  targetRange,
  type Settings,
} from '../settings';
import {
  anyDrawnImages,
  anyName,
  anyRecipe,
  factorisation,
  measured,
  methodId,
  preprocessing,
  recordOf,
  share,
  whole,
} from './recipes';

/* Documents of every kind that a session can make. */

const race: fc.Arbitrary<RaceNote> = fc.record({
  method: anyName,
  target: fc.double({ min: 0, max: 1, noNaN: true }),
  images: whole,
  standings: fc.array(
    fc
      .record({
        key: anyName,
        images: whole,
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        isDropped: fc.boolean(),
      })
      .map(({ share, ...own }) => ({ ...own, correct: Math.floor(share * own.images) })),
    { maxLength: 3 },
  ),
});

/** Images of which some differ. */
const discordance = fc.tuple(whole, whole, whole).map(([onlyOriginal, onlyPlan, alike]) => ({
  onlyOriginal,
  onlyPlan,
  images: onlyOriginal + onlyPlan + alike,
}));

const lossless: fc.Arbitrary<LosslessNote> = fc.record({
  method: methodId,
  trials: fc.array(
    fc.record({
      ...{ target: share, achieved: share, recipe: anyName },
      ...{ seen: discordance, isLossless: fc.boolean() },
    }),
    { maxLength: 3 },
  ),
  confirmed: fc.option(discordance),
  isFinished: fc.boolean(),
});

const byBytes: fc.Arbitrary<BytesNote> = fc.record({
  method: methodId,
  points: fc.array(
    fc
      .record({
        ...{ target: share, achieved: share, bytes: whole },
        weights: fc.constantFrom(...(['float32', 'float16', 'int8'] as const)),
        kind: fc.constantFrom(...(['top-1', 'agreement'] as const)),
        successes: whole,
        others: whole,
      })
      .map(({ others, ...point }) => ({ ...point, images: point.successes + others + 1 })),
    { maxLength: 3 },
  ),
  isFinished: fc.boolean(),
});

const settings: fc.Arbitrary<Settings> = fc.record({
  target: fc.double({ min: targetRange.min, max: targetRange.max, noNaN: true }),
  method: methodId,
  overrides: recordOf(fc.boolean()),
  cost: fc.constantFrom(...budgetCosts.map(({ id }) => id)),
  multiple: fc.constantFrom(...rankMultiples),
  second: fc.option(
    fc.record({
      cost: fc.constantFrom(...budgetCosts.map(({ id }) => id)),
      share: fc.double({ min: targetRange.min, max: targetRange.max, noNaN: true }),
    }),
  ),
  factorisations: recordOf(fc.constantFrom(...factorisationChoices)),
  limits: recordOf(
    fc.record(
      {
        least: fc.integer({ min: 1, max: 99 }),
        most: fc.integer({ min: 99 }),
        multiple: fc.constantFrom(...rankMultiples),
      },
      { requiredKeys: [] },
    ),
  ),
  preprocessing,
  preprocessingIsGuess: fc.boolean(),
  labelColumn: fc.option(anyName),
  classOrder: fc.constantFrom(...classOrderChoices),
  metric: fc.constantFrom(automatic, ...metrics.all.map(({ id }) => id)),
  sweepMinutes: fc.option(fc.double({ min: sweepMinutesRange.min, max: sweepMinutesRange.max, noNaN: true })),
  output: fc.option(fc.string({ minLength: 1 })),
  inputSize: fc.option(
    fc.record({ height: fc.integer({ min: 1, max: 9999 }), width: fc.integer({ min: 1, max: 9999 }) }),
  ),
  subset: fc.constantFrom('auto', 'test', 'val', 'train'),
  pixelRange: fc.constantFrom('auto', 'as-is', '0..1', '-3..4095.5'),
  seed: whole,
  split: fc.option(
    fc.record(
      { calibration: whole, selection: whole, report: fc.integer({ min: 1, max: 5000 }) },
      { requiredKeys: ['calibration', 'selection'] },
    ),
  ),
  searchesAll: fc.option(fc.boolean()),
  searchSpread: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  searchSlack: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  candidates: fc.integer(candidateRange),
  lossLevel: fc.double({ ...lossLevelRange, noNaN: true }),
  pair: fc.tuple(fc.oneof(methodId, fc.constant('saved')), fc.oneof(methodId, fc.constant('saved'))),
  isRepairing: fc.boolean(),
  epochs: fc.integer(epochRange),
  mirror: fc.option(fc.boolean()),
  weights: fc.constantFrom(...weightChoices),
  activations: fc.constantFrom(...activationChoices),
});

const history: fc.Arbitrary<HistoryNote> = fc.record({
  name: anyName,
  isKept: fc.boolean(),
  asked: fc.option(
    fc
      .tuple(settings, fc.subarray([...planSettings]))
      .map(([all, names]): AskedSettings => Object.fromEntries(names.map((name) => [name, all[name]]))),
  ),
});

const costs = fc.record({ macs: share, parameters: share, bytes: share });
const saved: fc.Arbitrary<SavedPlan> = fc.record({
  ...{ method: methodId, target: share, achieved: share },
  costs,
  recipe: anyRecipe,
});

/** Counts that follow from one another: of `count` images so many at the first try and among the best five. */
const counted = fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 }), fc.nat({ max: 8 })).map((three) => {
  const [top1, top5, count] = three.toSorted((a, b) => a - b);
  return { top1: top1!, top5: top5!, count: count! };
});

const result = fc
  .record({
    counts: counted,
    hasLabels: fc.boolean(),
    achieved: share,
    methods: fc.subarray(methods.all.map(({ id }) => id)),
  })
  .chain(({ counts: { top1, top5, count }, hasLabels, ...rest }) =>
    fc.record({
      ...{ achieved: fc.constant(rest.achieved), methods: fc.constant(rest.methods) },
      count: fc.constant(count),
      top1: fc.constant(hasLabels ? top1 : null),
      top5: fc.constant(hasLabels ? top5 : null),
      answers: fc.array(fc.integer({ min: -1, max: 999 }), { minLength: count, maxLength: count }),
    }),
  );

const repair: fc.Arbitrary<RepairNote> = fc.record({
  isRepaired: fc.boolean(),
  divergence: fc.record({ truncated: measured, repaired: measured }),
  calibrationImages: whole,
});

const distillation: fc.Arbitrary<DistilNote> = fc
  .tuple(anyRecipe, anyDrawnImages, whole)
  .map(([recipe, images, seed]) => withStep(recipe, distilStep(images, seed, {})))
  .chain((recipe) =>
    fc.record({
      ...{ recipe: fc.constant(recipe), base: anyName, method: methodId, achieved: share },
      epochs: fc.array(
        fc.record({ epoch: whole, divergence: measured, agreement: measured, loss: fc.option(measured) }),
        { maxLength: 3 },
      ),
      best: fc.option(whole),
    }),
  );

/** By the keys of their recipes. */
const distillations = fc
  .array(distillation, { maxLength: 2 })
  .map((notes) => Object.fromEntries(notes.map((note) => [recipeKey(note.recipe), note])));

const point: fc.Arbitrary<MeasuredPoint> = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 9 }), fc.nat({ max: 9 }))
  .chain(([images, correct, correctUncut]) =>
    fc.record({
      ...{ layer: anyName, factorisation, rank: fc.integer({ min: 1, max: 4096 }) },
      images: fc.constant(images),
      basis: fc.constantFrom('labels' as const, 'agreement' as const),
      correct: fc.constant(Math.min(correct, images)),
      correctUncut: fc.constant(Math.min(correctUncut, images)),
      divergence: measured,
      divergenceDeviation: measured,
    }),
  );

const presetId = fc.constantFrom(...presets.map(({ id }) => id));
const detection: fc.Arbitrary<DetectionNote> = fc.record({
  network: anyName,
  images: anyName,
  best: fc.record({ preset: presetId, preprocessing }),
  rows: fc.array(
    fc.record({
      ...{ preset: presetId, preprocessing, images: whole },
      correct: fc.option(whole),
      confidence: measured,
    }),
    { maxLength: 3 },
  ),
  isGuess: fc.boolean(),
});

const order = fc.constantFrom('names' as const, 'mapping' as const, ...classOrders.map(({ id }) => id));
const orderNote: fc.Arbitrary<OrderNote> = fc.record({
  images: whole,
  rows: fc.array(fc.record({ order, correct: whole }), { maxLength: 3 }),
  decided: fc.option(order),
});

const file: fc.Arbitrary<FileReference> = fc.record({ fingerprint: anyName, name: anyName });

/** Recipes by their keys, and measurements of them by theirs. */
const knowledge = fc
  .tuple(
    fc.array(anyRecipe, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), anyDrawnImages, result), { maxLength: 4 }),
  )
  .map(([all, results]) => {
    const keys = all.map(recipeKey);
    const measurements = results.map(([which, images, own]): [string, Measurement] => {
      const measurement = { recipe: keys[which % keys.length]!, images: imagesKey(images), ...own };
      return [joinedKey(measurement.recipe, measurement.images), measurement];
    });
    const recipes = Object.fromEntries(all.map((own, index) => [keys[index]!, own]));
    return { recipes, measurements: Object.fromEntries(measurements) };
  });

/** A document of any content that belongs together. */
export const anyDocument: fc.Arbitrary<Document> = fc
  .tuple(
    knowledge,
    fc.record({
      version: fc.constant(documentVersion),
      ...{ network: fc.option(file), images: fc.option(file), tuning: fc.option(file) },
      settings,
      uses: fc.record(
        { calibration: anyDrawnImages, selection: anyDrawnImages, report: anyDrawnImages },
        { requiredKeys: [] },
      ),
      saved: fc.option(saved),
      repairs: recordOf(repair),
      distillations,
      points: recordOf(fc.array(point, { maxLength: 3 })),
      finishedSweeps: fc.array(anyName, { maxLength: 2 }),
      races: recordOf(race),
      lossless: recordOf(lossless),
      byBytes: recordOf(byBytes),
      history: recordOf(history),
      orders: recordOf(orderNote),
      detection: fc.option(detection),
    }),
  )
  .map(([known, rest]) => ({ ...rest, ...known }));
