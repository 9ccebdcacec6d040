import { PieceSet, type MeasuredPiece } from '../../enc/sweep/pieces';
import { fail } from '../../network/failure';
import { chosenMetric } from '../metricChoices';
import { imageParts, setOf } from '../images';
import type { ProjectState } from '../state';
import { sweepSettingsOf, sweepTask, type SweepTask } from '../sweeps';
import type { TextFile } from './opening';
import { pointUnit, unitOfPiece } from './pointUnit';
import { statementFileName, statementText } from './statement';
import { sweepStatement, type SweepStatement } from './sweepStatement';
import { unitFileName, unitText } from './units';

/**
 * A sweep as every machine that shares it is told of it.
 *
 * @param metric id of the metric that the curves are drawn by
 * @param command see {@link SweepStatement}
 */
export function statementOf(
  state: ProjectState,
  task: SweepTask,
  metric: string,
  command: SweepStatement['command'],
): SweepStatement {
  const { summary, title } = state.network!;
  const { selection } = imageParts(state)!;
  const images = setOf(state, selection.images)!;
  const count = selection.indices.length;
  return {
    network: { fingerprint: summary.fingerprint, name: title },
    images: { fingerprint: images.fingerprint, name: images.name, count },
    about: {
      metric,
      selection: task.selection,
      refit: task.refit,
      layers: task.layers,
      settings: sweepSettingsOf(task, count),
    },
    command,
  };
}

/**
 * The folder of a shared sweep with what was measured here, so that other machines go on from it.
 *
 * @param saved pieces that were kept, by `pointsKey`; points whose pieces were not are given whole
 * @throws FailureError `invalid-request` where there is no sweep
 */
export async function resultsFolder(
  state: ProjectState,
  saved: (key: string) => Promise<Iterable<MeasuredPiece>>,
): Promise<readonly TextFile[]> {
  const task = sweepTask(state);
  if (!task)
    return fail(
      'invalid-request',
      'Expected a network and images to choose ranks on, found nothing to hand on; open them first.',
    );
  const { needs, draws } = chosenMetric(state.document.settings.metric);
  const statement = statementOf(state, task, needs.images ? draws : 'divergence', null);
  const key = task.pointsKey;
  const pieces = new PieceSet(await saved(key));
  const missing = (state.document.points[key] ?? []).filter(
    (point) => !pieces.covers(point, 0, point.images),
  );
  missing.forEach((point) => pieces.add(point));
  const units = pieces.all.map((piece) => unitOfPiece(key, piece, state.backend?.backend ?? 'unknown'));
  return [
    { name: statementFileName(sweepStatement, statement), text: statementText(sweepStatement, statement) },
    ...units.map((unit) => ({
      name: unitFileName(pointUnit, unit.of, unit.item),
      text: unitText(pointUnit, unit),
    })),
  ];
}
