import * as v from 'valibot';
import type { ReadOptions } from '../../workers/protocol/parse';
import { methods } from '../compression/methods';
import { defaultDistil } from '../compression/steps/distil';
import { activationChoices, weightChoices } from '../compression/steps/quantise';
import { costs, type Budget, type Cost } from '../enc/costs';
import type { RankLimits } from '../enc/rankLimits';
import { measuredTime } from '../enc/timeTable';
import type { Extent } from '../network/graph';
import { classOrderChoices } from '../network/classOrders';
import type { Preprocessing } from '../network/images';
import { inputSizeText, parseInputSize } from '../network/inputSize';
import { isRangeChoice, rangeChoices, subsetChoices, type Reading } from '../network/reading';
import { isMetricChoice, metricChoices } from './metricChoices';
import { finite, members, recordOf, whole } from './schemas';
import {
  budgetFrom,
  budgetText,
  limitsFrom,
  limitsText,
  splitFrom,
  splitText,
  type SplitSizes,
} from './settingTexts';
import {
  layersInAddress,
  nameInAddress,
  numberInAddress,
  setting,
  shareInAddress,
  wordsInAddress,
  type Setting,
} from './setting';

/** Shares of the original cost that may be asked for, and how far a key moves the slider. */
export const targetRange = { min: 0.05, max: 1, step: 0.005, page: 0.05 } as const;
/** Plans that ENC-Inf may race. */
export const candidateRange = { min: 2, max: 100 } as const;

/** Epochs that a distillation may have. */
export const epochRange = { min: 1, max: 1000 } as const;

/** Levels of the test for a loss: half of all plans that lose nothing fail at 0.5. */
export const lossLevelRange = { min: 0.001, max: 0.5 } as const;

/** Minutes in which curves may be measured: seconds at least, a week at most. */
export const sweepMinutesRange = { min: 0.05, max: 10_080 } as const;

/** What a budget may be on: the costs that are always there, and time, which is measured first. */
export const budgetCosts: readonly Pick<Cost, 'id' | 'label' | 'noun'>[] = [...costs, measuredTime];

function isBudgetCost(id: string): boolean {
  return budgetCosts.some((cost) => cost.id === id);
}

/** What ranks may have to be whole multiples of. */
export const rankMultiples = [1, 2, 4, 8, 16] as const;

/** What a person decided about single layers: true cuts it, false keeps it; absent means the default. */
export type LayerOverrides = Readonly<Record<string, boolean>>;

/** Bounds that a person has set to single layers' ranks, and what these are multiples of in place of the others'. */
export type LayerLimits = Readonly<Record<string, RankLimits>>;

/** How a convolution may be split: in one way or the other, or in whichever keeps more at equal cost. */
export const factorisationChoices = ['spatial', 'channel', 'automatic'] as const;
export type FactorisationChoice = (typeof factorisationChoices)[number];

/** How a person wants single layers to be split. */
export type LayerFactorisations = Readonly<Record<string, FactorisationChoice>>;

/** One side of a comparison: a method's plan at the present target, or the plan that was saved. */
export type PairSide = string;

const share = v.pipe(finite, v.minValue(0), v.maxValue(1));
/** Schema of a method's name. */
export const methodId = v.pipe(
  v.string(),
  v.check((id) => methods.find(id) !== undefined, 'expected the name of a method'),
);
const pairSide = v.pipe(
  v.string(),
  v.check((side) => isPairSide(side), 'expected the name of a method, or "saved"'),
);
const side = v.pipe(whole, v.minValue(1));
const rank = v.pipe(whole, v.minValue(1));
const rankMultiple = v.picklist(rankMultiples) as v.GenericSchema<unknown, number>;
const rankLimits = v.pipe(
  members,
  v.strictObject({
    least: v.exactOptional(rank),
    most: v.exactOptional(rank),
    multiple: v.exactOptional(rankMultiple),
  }),
  v.check(
    ({ least = 1, most = Infinity }) => least <= most,
    'expected bounds of which the lower one is the lower',
  ),
);
const splitSizes = v.object({
  calibration: whole,
  selection: whole,
  report: v.exactOptional(v.pipe(whole, v.minValue(1))),
});
const numbers = v.pipe(v.array(finite), v.minLength(1));

/** Schema of how pixels become a network's input. */
export const preprocessingSchema: v.GenericSchema<Preprocessing> = v.object({
  channels: v.picklist(['rgb', 'bgr', 'grey']),
  mean: numbers,
  scale: numbers,
});

/** Whether a text names a side of a comparison. */
export function isPairSide(text: string): text is PairSide {
  return text === 'saved' || methods.find(text) !== undefined;
}

/**
 * Everything that a person may set, in one list: undo and redo, the address, documents and reports go over it, and
 * nothing of it is listed anywhere else.
 */
export const settings = {
  /** Share of the original cost to keep. */
  target: setting(v.pipe(v.number(), v.minValue(targetRange.min), v.maxValue(targetRange.max)), 0.5, {
    address: numberInAddress('target', 'share of the MACs to keep', true),
  }),
  /** Id of the cost that the target is a share of. */
  cost: setting(v.pipe(v.string(), v.check(isBudgetCost, 'expected the name of a cost')), 'macs', {
    address: nameInAddress('cost', 'what the target is a share of', () => budgetCosts.map(({ id }) => id)),
    isLater: true,
  }),
  /** A second budget that plans keep beside the target; null for none. */
  second: setting<Budget | null>(
    v.nullable(
      v.strictObject({
        cost: v.pipe(v.string(), v.check(isBudgetCost, 'expected the name of a cost')),
        share: v.pipe(v.number(), v.minValue(targetRange.min), v.maxValue(targetRange.max)),
      }),
    ),
    null,
    {
      address: {
        parameter: 'second',
        about: 'a second budget that plans keep beside the target, such as parameters=0.18',
        write: (budget) => (budget ? budgetText(budget) : ''),
        read: (text) => (text === '' ? null : budgetFrom(text)),
      },
      isLater: true,
    },
  ),
  /** Ranks are whole multiples of it, but those of layers that have a multiple of their own. */
  multiple: setting(rankMultiple, 1, {
    address: {
      ...numberInAddress('multiple', 'what ranks are whole multiples of'),
      words: () => rankMultiples.map(String),
    },
    isLater: true,
  }),
  /** Bounds and multiples of single layers' ranks. */
  limits: setting<LayerLimits>(
    recordOf(rankLimits),
    {},
    {
      address: layersInAddress('rank', 'ranks of single layers', { write: limitsText, read: limitsFrom }),
      isLater: true,
    },
  ),
  /** How single convolutions are split; those that are not named are split spatially. */
  factorisations: setting<LayerFactorisations>(
    recordOf(v.picklist(factorisationChoices)),
    {},
    {
      address: layersInAddress('factorisation', 'how single convolutions are split', {
        write: (choice: FactorisationChoice) => choice,
        read: (text) => text,
      }),
      isLater: true,
    },
  ),
  /** The method whose ranks the table and the curves show. */
  method: setting(methodId, 'map', {
    address: nameInAddress('method', 'how ranks are chosen', () => methods.all.map(({ id }) => id), true),
  }),
  /** Layers that are cut, or kept, against the defaults. */
  overrides: setting<LayerOverrides>(
    recordOf(v.boolean()),
    {},
    {
      address: layersInAddress('cut', 'layers that are cut, or kept, against the defaults', {
        write: (isCut: boolean) => (isCut ? 'on' : 'off'),
        read: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
      }),
    },
  ),
  /** How pixels become the network's input. It belongs to the images and not to the plans, so undo leaves it. */
  preprocessing: setting<Preprocessing>(
    preprocessingSchema,
    { channels: 'rgb', mean: [0], scale: [1 / 255] },
    { isUndoable: false },
  ),
  /** Whether nobody has chosen the preprocessing yet. */
  preprocessingIsGuess: setting(v.boolean(), true, { isUndoable: false }),
  /** How the values of arrays become pixels; `auto` goes by their distribution. */
  pixelRange: setting(v.pipe(v.string(), v.check(isRangeChoice, 'expected a range such as 0..1')), 'auto', {
    address: nameInAddress(
      'pixel-range',
      'what values of arrays are black and white, other numbers too',
      () => rangeChoices,
    ),
    isLater: true,
  }),
  /** Which part of a set of images is read where files hold several; `auto` prefers those for testing. */
  subset: setting(v.picklist(subsetChoices) as v.GenericSchema<unknown, string>, 'auto', {
    address: nameInAddress(
      'subset',
      'part of the images, where their files hold several',
      () => subsetChoices,
    ),
    isLater: true,
  }),
  /** The column of a table that says the class of each image; null leaves it to the table. */
  labelColumn: setting<string | null>(v.nullable(v.string()), null, {
    address: {
      parameter: 'label-column',
      about: 'the column of a table of labels that says the class, by its heading, or auto',
      write: (column) => column ?? 'auto',
      read: (text) => (text === 'auto' || text === '' ? null : text),
    },
    isLater: true,
  }),
  /** How names, or numbers, of classes become the network's indices; `auto` asks the network. */
  classOrder: setting<(typeof classOrderChoices)[number]>(v.picklist(classOrderChoices), 'auto', {
    address: {
      ...nameInAddress('class-order', 'order of the classes where nothing says it', () => classOrderChoices),
      write: (order) => order,
    },
    isLater: true,
  }),
  /** Which metric's curves drive the methods. */
  metric: setting(v.pipe(v.string(), v.check(isMetricChoice, 'expected the name of a metric')), 'auto', {
    address: nameInAddress('metric', 'which curves the methods go by', metricChoices),
  }),
  /** Minutes in which the layers' curves are measured; null until nothing is left that could tell anything. */
  sweepMinutes: setting<number | null>(
    v.nullable(v.pipe(finite, v.minValue(sweepMinutesRange.min), v.maxValue(sweepMinutesRange.max))),
    null,
    {
      address: {
        parameter: 'sweep-minutes',
        about: 'minutes in which the layers’ curves are measured, or any for as many as they take',
        write: (minutes) => (minutes === null ? 'any' : String(Number(minutes.toFixed(2)))),
        read: (text) => (text === 'any' ? null : text.trim() === '' ? undefined : Number(text)),
      },
      isLater: true,
    },
  ),
  /** Splits the images. */
  seed: setting(whole, 0, { address: numberInAddress('seed', 'for the choice of images') }),
  /** null for the default sizes. What a set cannot give is held back later. */
  split: setting<SplitSizes | null>(v.nullable(splitSizes), null, {
    address: {
      parameter: 'split',
      about:
        'images for calibration, for selection and at most for the report, as two or three numbers, or auto',
      write: splitText,
      read: splitFrom,
    },
  }),
  /** Whether ENC-Model searches every rank; null leaves it to the metric. */
  searchesAll: setting<boolean | null>(v.nullable(v.boolean()), null, {
    address: wordsInAddress<boolean | null>('search', 'what ENC-Model searches', {
      auto: null,
      all: true,
      box: false,
    }),
  }),
  /** How far from ENC-Map's plan ENC-Model searches, a share of the original's cost; null leaves it to the space. */
  searchSpread: setting<number | null>(v.nullable(share), null, {
    address: shareInAddress('search-spread', 'how far about ENC-Map’s ranks ENC-Model searches'),
  }),
  /** How much less than the target ENC-Model's plans may cost, a share of the target; null leaves it to the space. */
  searchSlack: setting<number | null>(v.nullable(share), null, {
    address: shareInAddress('search-slack', 'how much of the budget ENC-Model’s plans may leave'),
  }),
  /** Plans that ENC-Inf races. */
  candidates: setting(v.pipe(whole, v.minValue(candidateRange.min), v.maxValue(candidateRange.max)), 20, {
    address: numberInAddress('candidates', 'plans that methods race'),
  }),
  /** Probability below which a loss of accuracy is no chance any more, for the search of the smallest without loss. */
  lossLevel: setting(v.pipe(finite, v.minValue(lossLevelRange.min), v.maxValue(lossLevelRange.max)), 0.05, {
    address: numberInAddress('loss-level', 'level of the test that tells a loss of accuracy from chance'),
    isLater: true,
  }),
  /** The two methods that stand side by side. */
  pair: setting<readonly [PairSide, PairSide]>(v.tuple([pairSide, pairSide]), ['map', 'inf'], {
    address: {
      parameter: 'pair',
      about: 'two methods to stand side by side, with a comma',
      write: (pair) => pair.join(),
      read: (text) => text.split(','),
    },
  }),
  /** Name of the output that holds the class scores; null takes what looks most like them. */
  output: setting<string | null>(v.nullable(v.string()), null, {
    address: {
      parameter: 'output',
      about: 'the output that holds the class scores, where a network has several',
      write: (output) => output ?? '',
      read: (text) => (text === '' ? null : text),
    },
    isLater: true,
  }),
  /** Height and width of the network's images, where its files leave them open. It belongs to them, so undo leaves it. */
  inputSize: setting<Extent | null>(v.nullable(v.object({ height: side, width: side })), null, {
    address: {
      parameter: 'input-size',
      about: 'height and width of the images, such as 224x224, where the network’s files leave them open',
      write: (size) => (size ? inputSizeText(size) : ''),
      read: (text) => (text === '' ? null : (parseInputSize(text) ?? undefined)),
    },
    isUndoable: false,
    isLater: true,
  }),
  /** Whether plans are repaired on the calibration images before they count. */
  isRepairing: setting(v.boolean(), true, {
    address: wordsInAddress('repair', 'whether plans are repaired', { on: true, off: false }),
  }),
  /** How often a distillation goes through the images that it trains on. */
  epochs: setting(
    v.pipe(whole, v.minValue(epochRange.min), v.maxValue(epochRange.max)),
    defaultDistil.epochs,
    { address: numberInAddress('epochs', 'times that distillation goes through its images'), isLater: true },
  ),
  /** Whether distillation mirrors images; null where they have colours. */
  mirror: setting<boolean | null>(v.nullable(v.boolean()), null, {
    address: wordsInAddress<boolean | null>('mirror', 'whether distillation mirrors images', {
      auto: null,
      on: true,
      off: false,
    }),
    isLater: true,
  }),
  /** How written files hold weights. */
  weights: setting<(typeof weightChoices)[number]>(v.picklist(weightChoices), 'auto', {
    address: nameInAddress(
      'weights',
      'how the file holds weights; auto is as those of the network do',
      () => weightChoices,
    ),
    isLater: true,
  }),
  /** What written files compute in; whole numbers take weights in int8. */
  activations: setting<(typeof activationChoices)[number]>(v.picklist(activationChoices), 'auto', {
    address: nameInAddress('activations', 'what the file computes in', () => activationChoices),
    isLater: true,
  }),
};

type Definitions = typeof settings;
export type SettingName = keyof Definitions;

/** A value for every setting: what was asked for. */
export type Settings = {
  readonly [Name in SettingName]: Definitions[Name] extends Setting<infer T> ? T : never;
};

/** Every setting with its name. The list is written in one place only, so its types are joined here once. */
export const settingList = Object.entries(settings) as unknown as readonly (readonly [
  SettingName,
  Setting<unknown>,
])[];

/** Every setting at its default. */
export const defaultSettings = collect(({ default: initial }) => initial) as Settings;

/** Schema of all settings together. */
export const settingsSchema = v.strictObject(
  collect(({ schema, default: initial, isLater }) => (isLater ? v.optional(schema, () => initial) : schema)),
) as unknown as v.GenericSchema<Settings>;

/** What the settings decide of how a network's files are read. */
export function networkReadingOf({ output, inputSize }: Partial<Settings>): ReadOptions {
  return {
    ...(output === null || output === undefined ? {} : { output }),
    ...(inputSize ? { inputSize } : {}),
  };
}

/** What the settings decide of how files of images are read. */
export function readingOf({ pixelRange, subset }: Settings): Reading {
  return { pixelRange, subset };
}

function collect<T>(pick: (setting: Setting<unknown>) => T): Record<SettingName, T> {
  return Object.fromEntries(settingList.map(([name, own]) => [name, pick(own)])) as Record<SettingName, T>;
}
