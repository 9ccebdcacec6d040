import { fail } from '../src/network/failure';
import type { ImageUses } from '../src/project/document';
import type { RepairOptions } from './choosing';
import { drawn, firstOf, restOf, runOf, shuffledOf, type OpenImages } from './images';
import type { ImageOptions, Workspace } from './workspace';

/** The images of a search for the smallest plan without loss. */
export interface LosslessImageOptions extends ImageOptions {
  readonly repair: RepairOptions;
  /** Files of the images that plans are chosen on; null takes others that are left. */
  readonly selection: readonly string[] | null;
  /** How many of them; null takes all that follow, or half of what is left where the rest is reported on. */
  readonly selectionImages: number | null;
}

/**
 * Opens the images that accuracy is reported on, those for repair, and those that plans are chosen on. Whatever is not
 * given is taken from the others, so that no image serves twice: selection images from those of --calibration that
 * follow, both from those of --data.
 *
 * @throws FailureError `invalid-request` where there are too few
 */
export async function openLosslessImages(workspace: Workspace, options: LosslessImageOptions): Promise<void> {
  const { repair, images: max = Infinity } = options;
  const data = await workspace.open(options);
  const open = (files: readonly string[] | null) =>
    files && workspace.open({ ...options, data: files }, 'calibration');
  const [calibration, selection] = [await open(repair.calibration), await open(options.selection)];
  workspace.use({ report: firstOf(data, max) });
  workspace.use(
    calibration ? ofOwn(calibration, options, selection) : partsOf(workspace, data, options, selection),
  );
  if (!selection || (!calibration && isSame(selection, data))) return;
  const { seed } = workspace.state.document.settings;
  const part = shuffledOf(selection, seed, countOf(options, selection), what);
  workspace.use({ selection: part, ...(isSame(selection, data) ? { report: restOf(data, part, max) } : {}) });
}

const what = 'to choose plans on';
const isSame = (a: OpenImages, b: OpenImages) => a.summary.fingerprint === b.summary.fingerprint;
const countOf = ({ selectionImages }: LosslessImageOptions, { summary }: OpenImages) =>
  selectionImages ?? summary.count;

/** Images for repair, and those that follow to choose plans on, unless there are others for that. */
function ofOwn(
  calibration: OpenImages,
  { repair, selectionImages }: LosslessImageOptions,
  selection: OpenImages | null,
): ImageUses {
  const first = { calibration: firstOf(calibration, repair.count) };
  if (selection) return first;
  const following = selectionImages ?? Math.max(1, calibration.summary.count - repair.count);
  return { ...first, selection: runOf(calibration, repair.count, following, what) };
}

/** Splits images by seed into those for repair, those that plans are chosen on, and the rest. */
function partsOf(
  { state }: Workspace,
  images: OpenImages,
  { repair, selectionImages, images: max = Infinity }: LosslessImageOptions,
  own: OpenImages | null,
): ImageUses {
  const { seed, isRepairing } = state.document.settings;
  const among = Math.min(max, images.summary.count);
  const calibration = isRepairing ? repair.count : 0;
  const isElsewhere = own !== null && !isSame(own, images);
  const selection = isElsewhere ? 0 : (selectionImages ?? Math.floor((among - calibration) / 2));
  const taken = calibration + Math.max(selection, isElsewhere ? 0 : 1);
  if (taken >= among || (selection < 1 && !isElsewhere))
    fail(
      'invalid-request',
      `--data: expected more than the ${taken} images for repair and to choose plans on, found ${among}; give more, or ask for fewer by --calibration-images and --selection-images.`,
    );
  const limit = among < images.summary.count ? { among } : {};
  const part = (from: number, count: number) =>
    drawn(images, { kind: 'shuffled', seed, from, count, ...limit });
  return {
    calibration: part(0, calibration),
    selection: part(calibration, selection),
    report: part(taken, among - taken),
  };
}
