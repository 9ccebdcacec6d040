import type { Recipe } from '../compression/recipe';
import type { DrawnImages } from '../compression/draw';
import type { PerCost } from '../enc/costs';
import type { Discordance } from '../enc/lossless';
import type { MeasuredPoint } from '../enc/sweep/points';
import type { DetectionNote } from './detection';
import type { OrderNote } from './orderNote';
import type { Measurement } from './measurement';
import type { AskedSettings } from './askedSettings';
import { defaultSettings, type Settings } from './settings';

/** Files that were opened, by what they hold: the files themselves stay where they are. */
export interface FileReference {
  readonly fingerprint: string;
  /** For a person. */
  readonly name: string;
}

/** What repair made of a recipe. */
export interface RepairNote {
  /** Whether the repaired network is closer to the original than the truncated one. */
  readonly isRepaired: boolean;
  /** Mean divergence from the original on calibration images, in nats. */
  readonly divergence: { readonly truncated: number; readonly repaired: number };
  readonly calibrationImages: number;
}

/** What an epoch of a distillation came to, on images held back. */
export interface DistilEpoch {
  /** 0 for the network before. */
  readonly epoch: number;
  /** Mean divergence from the original, in nats. */
  readonly divergence: number;
  /** Share of the images that both networks give the same class. */
  readonly agreement: number;
  /** Mean loss over the images that were trained on; null before the first. */
  readonly loss: number | null;
}

/** A distillation that somebody asked for. */
export interface DistilNote {
  /** Ends in the distillation. */
  readonly recipe: Recipe;
  /** `recipeKey` of the network that it begins with. */
  readonly base: string;
  /** The method that proposed the plan. */
  readonly method: string;
  /** Share of the original MACs. */
  readonly achieved: number;
  /** Those that ended, the network before first. */
  readonly epochs: readonly DistilEpoch[];
  /** The epoch whose state was taken, 0 for the network before; null while it goes on. */
  readonly best: number | null;
}

/** A plan that was put aside to be compared with. */
export interface SavedPlan {
  readonly method: string;
  readonly target: number;
  readonly achieved: number;
  /** Of the whole network, by the name of the cost. */
  readonly costs: PerCost<number>;
  readonly recipe: Recipe;
}

/** How a race of plans ended. */
export interface RaceNote {
  /** The method that raced them. */
  readonly method: string;
  readonly target: number;
  /** Selection images in all. */
  readonly images: number;
  /** In the order of the race's entries. */
  readonly standings: readonly RaceNoteStanding[];
}

/** Where a plan ended. */
export interface RaceNoteStanding {
  /** `recipeKey` of the plan. */
  readonly key: string;
  /** Images that it ran on. */
  readonly images: number;
  readonly correct: number;
  readonly isDropped: boolean;
}

/** A plan that was measured, as a person comes back to it. */
export interface HistoryNote {
  /** What the person calls it; empty for nothing. */
  readonly name: string;
  /** Whether the person wants it at hand. */
  readonly isKept: boolean;
  /** The settings under which it was proposed first; null where nobody noted them. */
  readonly asked: AskedSettings | null;
}

/** A target that the search for the smallest plan without loss has tried. */
export interface LosslessTrial {
  readonly target: number;
  /** Share of the original MACs. */
  readonly achieved: number;
  /** `recipeKey` of the network that was judged, repaired where plans are. */
  readonly recipe: string;
  /** On the selection images. */
  readonly seen: Discordance;
  readonly isLossless: boolean;
}

/** How far the search for the smallest plan without loss has come. */
export interface LosslessNote {
  readonly method: string;
  /** In the order in which they were tried. */
  readonly trials: readonly LosslessTrial[];
  /** What the report images say of the one that was found; null before they were looked at, and where none was. */
  readonly confirmed: Discordance | null;
  readonly isFinished: boolean;
}

/** How weights are stored where accuracy is measured by bytes. */
export const bytesWeights = ['float32', 'float16', 'int8'] as const;

/** A network that was stored in some way, and measured so. */
export interface BytesPoint {
  /** The target of its plan; 1 is the original. */
  readonly target: number;
  /** Share of the original MACs. */
  readonly achieved: number;
  readonly weights: (typeof bytesWeights)[number];
  /** Of all weights as they are stored. */
  readonly bytes: number;
  readonly kind: 'top-1' | 'agreement';
  /** Right answers, or such as the original's, on the report images. */
  readonly successes: number;
  readonly images: number;
}

/** What was measured of a method's plans and the original by the bytes that they take. */
export interface BytesNote {
  readonly method: string;
  /** In the order in which they were measured. */
  readonly points: readonly BytesPoint[];
  readonly isFinished: boolean;
}

/** Which images serve for what, said one by one; what is not said follows from the settings' split. */
export interface ImageUses {
  readonly calibration?: DrawnImages;
  readonly selection?: DrawnImages;
  readonly report?: DrawnImages;
}

/**
 * What a session is, as plain data: it can be written and read as it stands, and everything else that a page or a
 * command line shows is derived from it and from the files that it refers to.
 */
export interface Document {
  readonly version: typeof documentVersion;
  readonly network: FileReference | null;
  readonly images: FileReference | null;
  /** Images of their own for calibration and selection; null takes those from `images`. */
  readonly tuning: FileReference | null;
  readonly settings: Settings;
  readonly uses: ImageUses;
  readonly saved: SavedPlan | null;
  /** Everything that was measured, by `recipeKey`: what it was. */
  readonly recipes: Readonly<Record<string, Recipe>>;
  /** By `measurementKey`. */
  readonly measurements: Readonly<Record<string, Measurement>>;
  /** By `recipeKey` of the recipe that ends in the repair. */
  readonly repairs: Readonly<Record<string, RepairNote>>;
  /** By `recipeKey` of the recipe that ends in the distillation, in the order in which they were asked for. */
  readonly distillations: Readonly<Record<string, DistilNote>>;
  /** Points of the layers' curves, by `pointsKey`. */
  readonly points: Readonly<Record<string, readonly MeasuredPoint[]>>;
  /** Keys of sweeps that were measured to their end. */
  readonly finishedSweeps: readonly string[];
  /** Races that came to their end, by the key of the task. */
  readonly races: Readonly<Record<string, RaceNote>>;
  /** Plans that were measured, by `recipeKey` of the plan as it is cut. */
  readonly history: Readonly<Record<string, HistoryNote>>;
  /** Searches for the smallest plan without loss, by the key of the search. */
  readonly lossless: Readonly<Record<string, LosslessNote>>;
  /** Accuracy by bytes, by the key of the question. */
  readonly byBytes: Readonly<Record<string, BytesNote>>;
  /** What the network's answers say of the order of classes, by the key of the question. */
  readonly orders: Readonly<Record<string, OrderNote>>;
  /** What trying every preset showed last. */
  readonly detection: DetectionNote | null;
}

/** Raise it whenever documents written before would be read otherwise. */
export const documentVersion = 1;

/** Before anything is opened. */
export const emptyDocument: Document = {
  version: documentVersion,
  network: null,
  images: null,
  tuning: null,
  settings: defaultSettings,
  uses: {},
  saved: null,
  recipes: {},
  measurements: {},
  repairs: {},
  distillations: {},
  points: {},
  finishedSweeps: [],
  races: {},
  lossless: {},
  byBytes: {},
  history: {},
  orders: {},
  detection: null,
};
