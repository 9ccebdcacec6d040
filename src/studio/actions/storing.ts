import type { Recipe } from '../../compression/recipe';
import { evaluateKind } from '../../../workers/protocol/evaluate';
import type { OnProgress } from '../../../workers/protocol/progress';
import { quantiseKind } from '../../../workers/protocol/quantise';
import type { Studio } from '../../../workers/protocol/studio';
import { outcomeOf, type Outcome } from '../../network/failure';
import { hasEnough, imageParts, selectionOf } from '../../project/images';
import { accuracyOf, measurementOf, originalMeasurement } from '../../project/measurements';
import { scoredMeasurement } from '../../project/scoring';
import { presentStorage, storedRecipe } from '../../project/storage';
import { storageText } from '../../project/storageForms';
import type { StoredNote, StudioState } from '../store/state';

/** A network as it is to be written. */
export interface ToWrite {
  readonly recipe: Recipe;
  /** Null where it is stored in float32. */
  readonly stored: StoredNote | null;
}

/**
 * A recipe's network stored as the settings say, and measured on the report images as the file will compute it.
 *
 * @param state of the moment at which the download was asked for
 */
export async function storedForDownload(
  studio: Studio,
  state: StudioState,
  recipe: Recipe,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Outcome<ToWrite>> {
  const parts = imageParts(state);
  const calibration = parts && hasEnough(state, 'calibration') ? parts.calibration.drawn : null;
  const asked = await outcomeOf(() => ({
    storage: presentStorage(state),
    made: storedRecipe(state, recipe, calibration),
  }));
  if (!asked.ok) return asked;
  const { storage, made } = asked.value;
  if (!storage) return { ok: true, value: { recipe, stored: null } };
  const taken = await studio.run(signal, quantiseKind, { recipe: made }, onProgress);
  if (!taken.ok) return taken;
  const title = storageText(storage);
  const report = parts?.report;
  if (!report || report.indices.length === 0)
    return { ok: true, value: { recipe: made, stored: { title, accuracy: null, before: null } } };
  const task = { recipe: made, selection: selectionOf(report) };
  const answers = await studio.run(signal, evaluateKind, task, onProgress);
  if (!answers.ok) return answers;
  const uncut = originalMeasurement(state);
  const before = measurementOf(state, recipe);
  const stored: StoredNote = {
    title,
    accuracy: accuracyOf(scoredMeasurement(made, report, answers.value, 1, []), uncut),
    before: before && accuracyOf(before, uncut),
  };
  return { ok: true, value: { recipe: made, stored } };
}
