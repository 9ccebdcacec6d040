import type { Recipe } from '../../compression/recipe';
import type { Outcome } from '../../network/failure';
import { evaluateKind } from '../../../workers/protocol/evaluate';
import type { TaskTools } from '../background';
import { imageParts, selectionOf } from '../images';
import type { Measurement } from '../measurement';
import { scoredMeasurement } from '../scoring';

/** A network to run on the report images. */
export interface Reported {
  readonly recipe: Recipe;
  /** Share of the original MACs. */
  readonly achieved: number;
  /** Methods whose plan it is; empty for the original network. */
  readonly methods: readonly string[];
}

/** What a network answers on the report images; answers that are no numbers are refused. */
export async function measuredOnReport(
  { recipe, achieved, methods }: Reported,
  { studio, signal, onProgress, getState }: TaskTools,
): Promise<Outcome<Measurement>> {
  const { report } = imageParts(getState())!;
  const task = { recipe, selection: selectionOf(report) };
  const outcome = await studio.run(signal, evaluateKind, task, onProgress);
  if (!outcome.ok) return outcome;
  return { ok: true, value: scoredMeasurement(recipe, report, outcome.value, achieved, methods) };
}
