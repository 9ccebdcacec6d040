import * as v from 'valibot';
import { recipeKey, type LayerChoice, type Recipe, type Step } from '../compression/recipe';
import type { Draw, DrawnImages } from '../compression/draw';
import { steps } from '../compression/steps';
import type { StepSettings } from '../compression/steps/step';
import type { MeasuredPoint } from '../enc/sweep/points';
import { fail } from '../network/failure';
import { presets } from '../network/presets';
import type { DetectionNote } from './detection';
import { documentVersion, type Document, type RaceNote } from './document';
import { joinedKey, measurementSchema, type Measurement } from './measurement';
import { preprocessingSchema, settingsSchema } from './settings';

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const rank = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(finite, v.minValue(0));

const fileReference = v.strictObject({ fingerprint: v.string(), name: v.string() });
const draw: v.GenericSchema<Draw> = v.variant('kind', [
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
const drawnImages: v.GenericSchema<DrawnImages> = v.strictObject({
  images: v.string(),
  draw,
  preprocessing: preprocessingSchema,
});
const factorisation = v.picklist(['spatial', 'channel', 'dense']);
const layerChoice: v.GenericSchema<LayerChoice> = v.variant('kind', [
  v.strictObject({ kind: v.literal('whole') }),
  v.strictObject({ kind: v.literal('low-rank'), factorisation, rank }),
]);
const step: v.GenericSchema<Step> = v.pipe(
  v.strictObject({
    kind: v.pipe(
      v.string(),
      v.check((id) => steps.find(id) !== undefined, 'expected a kind of step'),
    ),
    images: drawnImages,
    settings: v.record(v.string(), v.union([v.string(), finite, v.boolean()])),
    seed: whole,
  }),
  v.check(({ kind, settings }) => hasSettingsOf(kind, settings), 'expected the settings of its kind'),
);
/** Schema of a recipe. */
export const recipeSchema: v.GenericSchema<Recipe> = v.strictObject({
  network: v.string(),
  layers: v.record(v.string(), layerChoice),
  steps: v.array(step),
});
const point: v.GenericSchema<MeasuredPoint> = v.pipe(
  v.strictObject({
    layer: v.string(),
    factorisation,
    rank,
    images: rank,
    basis: v.picklist(['labels', 'agreement']),
    correct: whole,
    correctUncut: whole,
    divergence: share,
    divergenceDeviation: share,
  }),
  v.check(
    ({ images, correct, correctUncut }) => Math.max(correct, correctUncut) <= images,
    'more right answers than images',
  ),
);
const measurement: v.GenericSchema<Measurement> = v.pipe(
  measurementSchema,
  v.check(({ answers, count }) => answers.length === count, 'expected an answer per image'),
  v.check(
    ({ top1, top5, count }) => (top1 ?? 0) <= (top5 ?? count) && (top5 ?? 0) <= count,
    'more right answers than images',
  ),
);
const planCosts = v.objectWithRest({ macs: share, parameters: share, bytes: share }, share);
const detection: v.GenericSchema<DetectionNote> = v.strictObject({
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
      confidence: finite,
    }),
  ),
  isGuess: v.boolean(),
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

const documentSchema: v.GenericSchema<Document> = v.strictObject({
  version: v.literal(documentVersion),
  network: v.nullable(fileReference),
  images: v.nullable(fileReference),
  tuning: v.nullable(fileReference),
  settings: settingsSchema,
  uses: v.strictObject({
    calibration: v.exactOptional(drawnImages),
    selection: v.exactOptional(drawnImages),
    report: v.exactOptional(drawnImages),
  }),
  saved: v.nullable(
    v.strictObject({
      method: v.string(),
      target: share,
      achieved: share,
      costs: planCosts,
      recipe: recipeSchema,
    }),
  ),
  recipes: v.record(v.string(), recipeSchema),
  measurements: v.record(v.string(), measurement),
  repairs: v.record(
    v.string(),
    v.strictObject({
      isRepaired: v.boolean(),
      divergence: v.strictObject({ truncated: share, repaired: share }),
      calibrationImages: whole,
    }),
  ),
  points: v.record(v.string(), v.array(point)),
  finishedSweeps: v.array(v.string()),
  races: v.record(v.string(), raceNote),
  detection: v.nullable(detection),
});

/** Whether a step says every setting of its kind, and no other. */
function hasSettingsOf(kind: string, settings: StepSettings): boolean {
  const names = Object.keys(steps.find(kind)?.defaults ?? {});
  return (
    names.length === Object.keys(settings).length && names.every((name) => Object.hasOwn(settings, name))
  );
}

/** A document as text: JSON, as it stands. */
export function documentText(document: Document): string {
  return `${JSON.stringify(document)}\n`;
}

/**
 * Reads a document that {@link documentText} wrote.
 *
 * @param name of the file, for the sentence
 * @throws FailureError `unreadable-file` that says what was expected where, and what was found
 */
export function readDocument(text: string, name: string): Document {
  const parsed = v.safeParse(documentSchema, parseJson(text, name));
  if (!parsed.success) return refuse(name, sentenceOf(parsed.issues[0]));
  const document = parsed.output;
  const damage = inconsistency(document);
  return damage === null ? document : refuse(name, damage);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(name, `expected JSON, found ${error instanceof Error ? error.message : 'something else'}`);
  }
}

function refuse(name: string, what: string): never {
  return fail(
    'unreadable-file',
    `${name}: ${what}. It is no project of ENC Studio, or it is damaged; open another.`,
  );
}

function sentenceOf(issue: v.BaseIssue<unknown>): string {
  const where = v.getDotPath(issue) ?? 'the document';
  const expected = issue.expected ?? issue.message;
  return `${where}: expected ${expected}, found ${issue.received}`;
}

/** Names that do not fit what they name: the recipe was changed by hand, or by a fault of the disk. */
function inconsistency({ recipes, measurements }: Document): string | null {
  for (const [key, recipe] of Object.entries(recipes)) {
    if (recipeKey(recipe) !== key) return `recipes.${key}: expected the recipe of that name, found another`;
  }
  for (const [key, { recipe, images }] of Object.entries(measurements)) {
    if (joinedKey(recipe, images) !== key)
      return `measurements.${key}: expected the measurement of that name, found another`;
    if (!Object.hasOwn(recipes, recipe))
      return `measurements.${key}: expected a recipe of the document, found none named ${recipe}`;
  }
  return null;
}
