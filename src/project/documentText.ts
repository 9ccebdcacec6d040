import * as v from 'valibot';
import { recipeKey, type LayerChoice, type Recipe, type Step } from '../compression/recipe';
import type { Draw, DrawnImages } from '../compression/draw';
import { steps } from '../compression/steps';
import { distil } from '../compression/steps/distil';
import type { StepSettings } from '../compression/steps/step';
import type { Discordance } from '../enc/lossless';
import type { MeasuredPoint } from '../enc/sweep/points';
import { classOrderChoices } from '../network/classOrders';
import { fail } from '../network/failure';
import { presets } from '../network/presets';
import type { DetectionNote } from './detection';
import {
  documentVersion,
  type DistilNote,
  type Document,
  type HistoryNote,
  bytesWeights,
  type BytesNote,
  type LosslessNote,
  type RaceNote,
} from './document';
import type { OrderNote } from './orderNote';
import { joinedKey, measurementSchema, type Measurement } from './measurement';
import { finite, measured, members, numberText, recordOf, whole } from './schemas';
import { askedSettingsSchema } from './askedSettings';
import { methodId, preprocessingSchema, settingsSchema } from './settings';
import { parseShallowJson } from '../network/shallowJson';

const rank = v.pipe(whole, v.minValue(1));
const share = v.pipe(finite, v.minValue(0));

const fileReference = v.strictObject({ fingerprint: v.string(), name: v.string() });
const draw: v.GenericSchema<unknown, Draw> = v.variant('kind', [
  v.strictObject({ kind: v.literal('all') }),
  v.strictObject({ kind: v.literal('run'), from: whole, count: whole }),
  v.strictObject({
    kind: v.literal('shuffled'),
    seed: whole,
    from: whole,
    count: whole,
    among: v.exactOptional(whole),
  }),
]);
/** Schema of some images of a set. */
export const drawnImages: v.GenericSchema<unknown, DrawnImages> = v.strictObject({
  images: v.string(),
  draw,
  preprocessing: preprocessingSchema,
});
/** Schema of how a kernel is split. */
export const factorisation = v.picklist(['spatial', 'channel', 'dense']);
const layerChoice: v.GenericSchema<unknown, LayerChoice> = v.variant('kind', [
  v.strictObject({ kind: v.literal('whole') }),
  v.strictObject({ kind: v.literal('low-rank'), factorisation, rank }),
]);
/** Schema of a step. */
export const step: v.GenericSchema<unknown, Step> = v.pipe(
  v.strictObject({
    kind: v.pipe(
      v.string(),
      v.check((id) => steps.find(id) !== undefined, 'expected a kind of step'),
    ),
    images: v.nullable(drawnImages),
    settings: recordOf(v.union([v.string(), finite, v.boolean()])),
    seed: whole,
  }),
  v.check(({ kind, settings }) => hasSettingsOf(kind, settings), 'expected the settings of its kind'),
  v.check(
    ({ kind, images }) => images !== null || steps.find(kind)?.isForWhole === true,
    'expected the images of its kind',
  ),
);
/** Schema of a recipe. */
export const recipeSchema: v.GenericSchema<unknown, Recipe> = v.strictObject({
  network: v.string(),
  layers: recordOf(layerChoice),
  steps: v.array(step),
});
/** Schema of a point of a layer's curve. */
export const point: v.GenericSchema<unknown, MeasuredPoint> = v.pipe(
  v.strictObject({
    layer: v.string(),
    factorisation,
    rank,
    images: rank,
    basis: v.picklist(['labels', 'agreement']),
    correct: whole,
    correctUncut: whole,
    divergence: measured,
    divergenceDeviation: measured,
  }),
  v.check(
    ({ images, correct, correctUncut }) => Math.max(correct, correctUncut) <= images,
    'expected no more right answers than images',
  ),
);
const measurement: v.GenericSchema<unknown, Measurement> = v.pipe(
  measurementSchema,
  v.check(({ answers, count }) => answers.length === count, 'expected an answer per image'),
  v.check(({ top1, top5 }) => (top1 === null) === (top5 === null), 'expected both counts or none'),
  v.check(
    ({ top1, top5, count }) => (top1 ?? 0) <= (top5 ?? count) && (top5 ?? 0) <= count,
    'expected no more right answers than images',
  ),
);
const planCosts = v.objectWithRest({ macs: share, parameters: share, bytes: share }, share);
const detection: v.GenericSchema<unknown, DetectionNote> = v.strictObject({
  network: v.string(),
  images: v.string(),
  best: v.strictObject({
    preset: v.picklist(presets.map(({ id }) => id)),
    preprocessing: preprocessingSchema,
  }),
  rows: v.array(
    v.strictObject({
      preset: v.picklist(presets.map(({ id }) => id)),
      preprocessing: preprocessingSchema,
      images: whole,
      correct: v.nullable(whole),
      confidence: measured,
    }),
  ),
  isGuess: v.boolean(),
});

const classOrder = v.picklist(['names', ...classOrderChoices.filter((choice) => choice !== 'auto')]);
const orderNote: v.GenericSchema<unknown, OrderNote> = v.strictObject({
  images: whole,
  rows: v.array(v.strictObject({ order: classOrder, correct: whole })),
  decided: v.nullable(classOrder),
});

const raceNote: v.GenericSchema<RaceNote> = v.strictObject({
  method: v.string(),
  target: share,
  images: whole,
  standings: v.array(
    v.pipe(
      v.strictObject({ key: v.string(), images: whole, correct: whole, isDropped: v.boolean() }),
      v.check(({ images, correct }) => correct <= images, 'more right answers than images'),
    ),
  ),
});

const discordance: v.GenericSchema<Discordance> = v.pipe(
  v.strictObject({ onlyOriginal: whole, onlyPlan: whole, images: whole }),
  v.check(
    ({ onlyOriginal, onlyPlan, images }) => onlyOriginal + onlyPlan <= images,
    'expected no more images that differ than images',
  ),
);
const losslessNote: v.GenericSchema<LosslessNote> = v.strictObject({
  method: methodId,
  trials: v.array(
    v.strictObject({
      target: share,
      achieved: share,
      recipe: v.string(),
      seen: discordance,
      isLossless: v.boolean(),
    }),
  ),
  confirmed: v.nullable(discordance),
  isFinished: v.boolean(),
});

const distilNote: v.GenericSchema<unknown, DistilNote> = v.pipe(
  v.strictObject({
    recipe: recipeSchema,
    base: v.string(),
    method: methodId,
    achieved: share,
    epochs: v.array(
      v.strictObject({ epoch: whole, divergence: measured, agreement: measured, loss: v.nullable(measured) }),
    ),
    best: v.nullable(whole),
  }),
  v.check(({ recipe }) => recipe.steps.at(-1)?.kind === distil.id, 'expected a recipe that ends in its step'),
);

const bytesNote: v.GenericSchema<BytesNote> = v.strictObject({
  method: methodId,
  points: v.array(
    v.pipe(
      v.strictObject({
        target: share,
        achieved: share,
        weights: v.picklist(bytesWeights),
        bytes: whole,
        kind: v.picklist(['top-1', 'agreement']),
        successes: whole,
        images: v.pipe(whole, v.minValue(1)),
      }),
      v.check(({ images, successes }) => successes <= images, 'more right answers than images'),
    ),
  ),
  isFinished: v.boolean(),
});

const historyNote: v.GenericSchema<HistoryNote> = v.strictObject({
  name: v.string(),
  isKept: v.boolean(),
  asked: v.nullable(askedSettingsSchema),
});

const documentSchema: v.GenericSchema<unknown, Document> = v.strictObject({
  version: v.literal(documentVersion),
  network: v.nullable(fileReference),
  images: v.nullable(fileReference),
  tuning: v.nullable(fileReference),
  settings: settingsSchema,
  uses: v.pipe(
    members,
    v.strictObject({
      calibration: v.exactOptional(drawnImages),
      selection: v.exactOptional(drawnImages),
      report: v.exactOptional(drawnImages),
    }),
  ),
  saved: v.nullable(
    v.strictObject({
      method: methodId,
      target: share,
      achieved: share,
      costs: planCosts,
      recipe: recipeSchema,
    }),
  ),
  recipes: recordOf(recipeSchema),
  measurements: recordOf(measurement),
  repairs: recordOf(
    v.strictObject({
      isRepaired: v.boolean(),
      divergence: v.strictObject({ truncated: measured, repaired: measured }),
      calibrationImages: whole,
    }),
  ),
  // Absent in documents from before the page distilled.
  distillations: v.optional(recordOf(distilNote), () => ({})),
  points: recordOf(v.array(point)),
  finishedSweeps: v.array(v.string()),
  races: recordOf(raceNote),
  // Absent in documents from before there were such.
  lossless: v.optional(recordOf(losslessNote), () => ({})),
  byBytes: v.optional(recordOf(bytesNote), () => ({})),
  history: v.optional(recordOf(historyNote), () => ({})),
  // Absent in documents from before labels could be read in several orders.
  orders: v.optional(recordOf(orderNote), () => ({})),
  detection: v.nullable(detection),
});

/** Whether a step says every setting of its kind, and no other. */
function hasSettingsOf(kind: string, settings: StepSettings): boolean {
  const defaults = Object.entries(steps.find(kind)?.defaults ?? {});
  const isSaid = ([name, value]: [string, unknown]) =>
    Object.hasOwn(settings, name) && typeof settings[name] === typeof value;
  return defaults.length === Object.keys(settings).length && defaults.every(isSaid);
}

/** A document as text: JSON, as it stands; a number that JSON has no word for stands there as its name. */
export function documentText(document: Document): string {
  return `${JSON.stringify(document, numberText)}\n`;
}

/**
 * Reads a document that {@link documentText} wrote.
 *
 * @param name of the file, for the sentence
 * @throws FailureError `unreadable-file` that says what was expected where, and what was found
 */
export function readDocument(text: string, name: string): Document {
  const parsed = v.safeParse(documentSchema, parseJson(text, name), { abortEarly: true });
  if (!parsed.success) return refuse(name, parsed.issues[0]);
  const document = parsed.output;
  const damage = inconsistency(document);
  return damage === null ? document : refuse(name, damage);
}

/** What is wrong with a document, and where. */
type Damage = Pick<v.BaseIssue<unknown>, 'expected' | 'received' | 'message' | 'path'>;

function parseJson(text: string, name: string): unknown {
  try {
    return parseShallowJson(text);
  } catch (error) {
    const reason = error instanceof Error ? ` (${error.message})` : '';
    return refuse(name, damageOf('expected JSON', `something else${reason}`));
  }
}

function damageOf(message: string, received: string, ...path: readonly string[]): Damage {
  const items = path.map(
    (key) => ({ type: 'unknown', origin: 'value', input: null, key, value: null }) as const,
  );
  return { expected: null, message, received, path: items as unknown as [v.IssuePathItem] };
}

/** The library's words for kinds of values, in ours. */
const words: ReadonlyMap<string, string> = new Map([
  ['Object', 'an object'],
  ['Array', 'a list'],
  ['undefined', 'nothing'],
  ['never', 'no such member'],
]);

function inWords(kind: string): string {
  return words.get(kind) ?? kind;
}

const mostShown = 80;

/** Some of a text that may be long and have several lines, for a sentence. */
function shown(text: string): string {
  const line = text.slice(0, mostShown).replaceAll(/[\s\p{C}]+/gu, ' ');
  return text.length <= mostShown ? line : `${line}…`;
}

function refuse(name: string, { expected, received, message, path }: Damage): never {
  const where = path?.map(({ key }) => String(key)).join('.') || 'the document';
  const wanted = message.startsWith('expected ')
    ? message
    : `expected ${inWords(expected ?? 'something else')}`;
  return fail(
    'unreadable-file',
    `${name}: ${shown(where)}: ${wanted}, found ${shown(inWords(received))}. ` +
      'It is no project of ENC Studio, or it is damaged; open another.',
  );
}

/** Names that do not fit what they name: the recipe was changed by hand, or by a fault of the disk. */
function inconsistency({ recipes, measurements, distillations }: Document): Damage | null {
  for (const [key, recipe] of Object.entries(recipes)) {
    if (recipeKey(recipe) !== key)
      return damageOf('expected the recipe of that name', 'another', 'recipes', key);
  }
  for (const [key, { recipe }] of Object.entries(distillations)) {
    if (recipeKey(recipe) !== key)
      return damageOf('expected the distillation of that name', 'another', 'distillations', key);
  }
  for (const [key, { recipe, images }] of Object.entries(measurements)) {
    if (joinedKey(recipe, images) !== key)
      return damageOf('expected the measurement of that name', 'another', 'measurements', key);
    if (!Object.hasOwn(recipes, recipe))
      return damageOf('expected one of the recipes', recipe, 'measurements', key, 'recipe');
  }
  return null;
}
