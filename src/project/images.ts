import { drawnIndices, type DrawnImages } from '../compression/draw';
import type { ImagesSummary } from '../../workers/protocol/summaries';
import type { SplitSizes } from './settingTexts';
import { inputPreprocessing } from './preprocessing';
import { remembered } from './remembered';
import type { ProjectState } from './state';

/** Some images of a set that is open. */
export interface ImagePart {
  /** The statement of which images these are. */
  readonly drawn: DrawnImages;
  /** Fingerprint of the set. */
  readonly images: string;
  readonly indices: Uint32Array;
  /** Class per image of the part, or null without labels. */
  readonly labels: Int32Array | null;
}

/** The three uses of images, which share none unless a command line says so. */
export interface ImageParts {
  readonly calibration: ImagePart;
  readonly selection: ImagePart;
  readonly report: ImagePart;
  readonly sizes: SplitSizes;
}

/** Fewer selection images than this say nothing about a rank. */
export const minSelection = 6;
/** Fewer calibration images than this are not worth a repair. */
export const minCalibration = 16;
/** Calibration images that single layers are re-fitted on before their curves are measured. */
export const maxCurveCalibration = 256;
/** Images that a written file is compared on before it is offered. */
export const comparedImages = 64;

/** Default sizes of a split, and what the command line takes where nobody says more. */
export const defaultCalibration = 500;
export const defaultSelection = 256;
/** Fewer images than this are not split: nothing would be left to say anything. */
const minToSplit = 32;

/** A quarter of the images each, up to what is useful; a set that is there for this alone is shared in halves. */
export function defaultSizes(count: number, isForTuning: boolean): SplitSizes {
  if (count < minToSplit) return { calibration: 0, selection: 0 };
  const share = Math.floor(isForTuning ? (count - 1) / 2 : count / 4);
  return { calibration: Math.min(defaultCalibration, share), selection: Math.min(defaultSelection, share) };
}

/** Sizes that a set can give: whole, not negative, and one image at least left over. */
export function heldSizes(count: number, { calibration, selection, report }: SplitSizes): SplitSizes {
  const whole = (value: number, max: number) => Math.max(0, Math.min(Math.floor(value), Math.max(0, max)));
  const first = whole(calibration, count - 1);
  const held = { calibration: first, selection: whole(selection, count - 1 - first) };
  return report === undefined ? held : { ...held, report };
}

/**
 * Which images serve for what; null before there are any. They are split once, by seed. Where there is a set of
 * its own for tuning, calibration and selection images come from it and every other image is for the report. Uses
 * that the document says one by one go before the split, where their set is open.
 */
export const imageParts = remembered(
  ({ images, tuning, sets, network, document: { settings, uses } }: ProjectState) => [
    images,
    tuning,
    sets,
    network?.summary,
    settings.seed,
    settings.split,
    settings.preprocessing,
    uses,
  ],
  (state): ImageParts | null => (state.images ? split(state, state.images) : null),
);

function split(state: ProjectState, images: ImagesSummary): ImageParts {
  const { tuning, document } = state;
  const { seed, split: asked } = document.settings;
  const source = tuning ?? images;
  const sizes = heldSizes(source.count, asked ?? defaultSizes(source.count, tuning !== null));
  const { calibration, selection } = sizes;
  const preprocessing = inputPreprocessing(state);
  const drawn = (set: ImagesSummary, from: number, count: number): DrawnImages => {
    const isAll = from === 0 && count === set.count;
    const draw = isAll ? ({ kind: 'all' } as const) : ({ kind: 'shuffled', seed, from, count } as const);
    return { images: set.fingerprint, draw, preprocessing };
  };
  const taken = tuning ? 0 : calibration + selection;
  const report = drawn(images, taken, Math.min(images.count - taken, sizes.report ?? Infinity));
  const part = (stated: DrawnImages | undefined, own: DrawnImages) => {
    const set = stated && setOf(state, stated.images);
    return stated && set ? partOf(set, stated) : partOf(setOf(state, own.images) ?? images, own);
  };
  const { uses } = document;
  return {
    calibration: part(uses.calibration, drawn(source, 0, calibration)),
    selection: part(uses.selection, drawn(source, calibration, selection)),
    report: part(uses.report, report),
    sizes,
  };
}

/**
 * The images that plans are compared with the original on before one is taken: the selection images, and of a set that is
 * there for tuning alone also those that serve for nothing else. Few images tell little.
 */
export const comparingPart = remembered(
  (state: ProjectState) => [imageParts(state), state.tuning, state.document.uses],
  (state): ImagePart | null => {
    const parts = imageParts(state);
    const { tuning, document } = state;
    if (!parts || !tuning || document.uses.selection || document.uses.calibration)
      return parts?.selection ?? null;
    const { draw } = parts.selection.drawn;
    if (draw.kind !== 'shuffled') return parts.selection;
    return partOf(tuning, { ...parts.selection.drawn, draw: { ...draw, count: tuning.count - draw.from } });
  },
);

/** A set that is open, by its fingerprint; null where there is none. */
export function setOf({ images, tuning, sets }: ProjectState, fingerprint: string): ImagesSummary | null {
  const open = [images, tuning, ...Object.values(sets)];
  return open.find((set) => set?.fingerprint === fingerprint) ?? null;
}

/** Whether there are enough images for a use. Those that somebody has said one by one are, unless there are none. */
export function hasEnough(state: ProjectState, use: 'calibration' | 'selection'): boolean {
  const min = state.document.uses[use] ? 1 : use === 'calibration' ? minCalibration : minSelection;
  return (imageParts(state)?.[use].indices.length ?? 0) >= min;
}

function partOf({ count, labels }: ImagesSummary, drawn: DrawnImages): ImagePart {
  const indices = drawnIndices(drawn.draw, count);
  const own = labels && Int32Array.from(indices, (index) => labels[index] ?? -1);
  return { drawn, images: drawn.images, indices, labels: own };
}

/** What the threads are told of some images. */
export function selectionOf({ drawn, images, indices }: ImagePart) {
  return { images, indices, preprocessing: drawn.preprocessing };
}
