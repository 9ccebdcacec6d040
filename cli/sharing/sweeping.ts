import type { MeasuredPiece } from '../../src/enc/sweep/pieces';
import { PieceSet } from '../../src/enc/sweep/pieces';
import type { SweepTask } from '../../src/enc/sweep/schedule';
import { nextOfShard, type SharedSweep, type SweepShard } from '../../src/enc/sweep/shards';
import { unwrap } from '../../src/network/failure';
import { imageParts, selectionOf } from '../../src/project/images';
import { itemsOf, pieceOfUnit, pointUnit, unitOfPiece } from '../../src/project/sharing/pointUnit';
import { pointsKeyOf, type SweepStatement } from '../../src/project/sharing/sweepStatement';
import { isAtLargeFileName } from '../../src/project/sharing/units';
import { sweepTasksKind } from '../../workers/protocol/sweep';
import { progressLine } from '../output';
import type { Workspace } from '../workspace';
import type { DoneUnits } from './doShard';
import { factoriseShared } from './factors';
import type { ResultsFolder } from './resultsFolder';

/** What a process is to do of a shared sweep. */
export interface SharedWork {
  readonly statement: SweepStatement;
  readonly sweep: SharedSweep;
  readonly shard: SweepShard;
}

/**
 * Measures a shard, round after round, until nothing of it is left. Units that lie in the folder are taken from there,
 * whoever has put them there; every other one is written as soon as it is measured.
 *
 * @param counts counts up as it goes
 * @throws FailureError `cancelled` once the workspace's signal is aborted; what was measured is written then
 */
export async function measureShard(
  workspace: Workspace,
  folder: ResultsFolder,
  { statement, sweep, shard }: SharedWork,
  counts: DoneUnits,
): Promise<void> {
  const of = pointsKeyOf(statement);
  const pieces = new PieceSet(await piecesAtLarge(folder, of));
  for (;;) {
    const tasks = nextOfShard(shard, pieces, sweep);
    if (tasks.length === 0) return;
    const missing = await notFound(folder, of, tasks, (piece) => {
      pieces.add(piece);
      counts.found++;
    });
    if (missing.length === 0) continue;
    const layers = new Set(missing.map(({ layer }) => layer.name));
    await factoriseShared(
      workspace,
      folder,
      [...layers].map((name) => workspace.layer(name)),
    );
    await measure(workspace, folder, statement, missing, (piece) => {
      pieces.add(piece);
      counts.done++;
    });
  }
}

/** Runs tasks and writes what they find as it comes. */
async function measure(
  { network, backend, state, studio, signal }: Workspace,
  folder: ResultsFolder,
  statement: SweepStatement,
  tasks: readonly SweepTask[],
  onPiece: (piece: MeasuredPiece) => void,
): Promise<void> {
  const writing: Promise<void>[] = [];
  const of = pointsKeyOf(statement);
  const selection = selectionOf(imageParts(state)!.selection);
  const request = { network: network.fingerprint, selection, refit: statement.about.refit, tasks };
  const outcome = await studio.run(signal, sweepTasksKind, request, progressLine(), (piece) => {
    onPiece(piece);
    writing.push(folder.save(pointUnit, unitOfPiece(of, piece, backend.backend)));
  });
  await Promise.all(writing);
  unwrap(outcome);
}

/** The tasks without the ranks that somebody has measured. */
async function notFound(
  folder: ResultsFolder,
  of: string,
  tasks: readonly SweepTask[],
  onFound: (piece: MeasuredPiece) => void,
): Promise<readonly SweepTask[]> {
  const missing: SweepTask[] = [];
  for (const task of tasks) {
    const units = await Promise.all(itemsOf(task).map((item) => folder.find(pointUnit, of, item)));
    units.forEach((unit) => unit && onFound(pieceOfUnit(unit)));
    const ranks = task.ranks.filter((_, index) => units[index] === null);
    if (ranks.length > 0) missing.push({ ...task, ranks });
  }
  return missing;
}

/** Pieces that no list of tasks leads to. */
async function piecesAtLarge(folder: ResultsFolder, of: string): Promise<readonly MeasuredPiece[]> {
  const { units: names } = await folder.list();
  const units = await folder.readNamed(pointUnit, names.filter(isAtLargeFileName));
  return [...units.values()].flatMap((unit) => (unit?.of === of ? [pieceOfUnit(unit)] : []));
}
