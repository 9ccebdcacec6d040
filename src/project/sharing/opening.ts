import { PieceSet, type MeasuredPiece } from '../../enc/sweep/pieces';
import { bare } from '../../enc/sweep/points';
import { fail } from '../../network/failure';
import { isCurvesText, readCurves } from '../curvesFile';
import { presentPointsKey } from '../points';
import type { ProjectState } from '../state';
import { withCurvesFrom, withPoints } from '../foundTransitions';
import { withSettings } from '../transitions';
import { pieceOfUnit, pointUnit } from './pointUnit';
import { kindOfFileName, readStatement } from './statement';
import { pointsKeyOf, sweepStatement } from './sweepStatement';
import { isUnitFileName, readUnit } from './units';

/** A file as text, its name without folders. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** Measured points that came in files: curves that were written, or the folder of a shared sweep. */
export interface OpenedPoints {
  /** For a person. */
  readonly name: string;
  /** Fingerprint. */
  readonly network: string;
  /** Id of the metric that the curves are drawn by. */
  readonly metric: string;
  /** Names what the pieces hold for. */
  readonly pointsKey: string;
  readonly pieces: readonly MeasuredPiece[];
}

/**
 * Reads curves or the results of a shared sweep.
 *
 * @returns null where the files are neither
 * @throws FailureError `unreadable-file` or `invalid-request` where they are damaged, of several sweeps, or of energy
 */
export function readPoints(files: readonly TextFile[]): OpenedPoints | null {
  const statements = files.filter(({ name }) => kindOfFileName(name) === sweepStatement.id);
  if (statements.length > 0) return readResults(statements, files);
  const [file, ...more] = files;
  return file && more.length === 0 && isCurvesText(file.text) ? readCurvesPoints(file) : null;
}

function readResults(statements: readonly TextFile[], files: readonly TextFile[]): OpenedPoints {
  const [first, ...others] = statements.map(({ name, text }) => readStatement(sweepStatement, text, name));
  if (!first || others.length > 0)
    return fail(
      'invalid-request',
      `Expected results of one sweep, found those of ${statements.length}; open those of one, or let enc merge say how they differ.`,
    );
  const of = pointsKeyOf(first);
  const units = files
    .filter(({ name }) => isUnitFileName(name))
    .flatMap(({ name, text }) => readUnit(pointUnit, text, name) ?? []);
  if (units.some((unit) => unit.of !== of))
    return fail(
      'invalid-request',
      `Expected results for ${first.network.name} on ${first.images.name}, found some of another network, other images or other settings; take them out.`,
    );
  return {
    name: `${units.length} results of ${first.network.name}`,
    network: first.network.fingerprint,
    metric: first.about.metric,
    pointsKey: of,
    pieces: units.map(pieceOfUnit),
  };
}

function readCurvesPoints({ name, text }: TextFile): OpenedPoints {
  const { fingerprint, metric, pointsKey, layers } = readCurves(text, name);
  const pieces = layers.flatMap(({ points }) => points.map((point) => ({ ...bare(point), from: 0 })));
  if (pieces.length === 0)
    return fail(
      'invalid-request',
      `${name}: expected measured points, found curves by ${metric} alone; measure them by enc curves --metric.`,
    );
  return { name, network: fingerprint, metric, pointsKey: pointsKey ?? `file ${fingerprint}`, pieces };
}

/**
 * Draws the curves through points that came in files. Where they were measured on the present selection images they
 * join those that are known, and the sweep goes on from them.
 *
 * @throws FailureError `invalid-request` where they are of another network, or there is none
 */
export function withOpenedPoints<S extends ProjectState>(state: S, opened: OpenedPoints): S {
  const { network, document } = state;
  if (!network)
    return fail(
      'invalid-request',
      `${opened.name}: expected the network that the curves belong to, found none open; open the network first.`,
    );
  if (network.summary.fingerprint !== opened.network)
    return fail(
      'invalid-request',
      `${opened.name}: expected curves of the open network, found those of another (fingerprint ${opened.network}); open that one first.`,
    );
  const known = document.points[opened.pointsKey] ?? [];
  const pieces = new PieceSet([...known, ...opened.pieces]);
  const joined = withPoints(state, opened.pointsKey, pieces.points);
  const isPresent = presentPointsKey(withCurvesFrom(state, null)) === opened.pointsKey;
  if (isPresent) return withCurvesFrom(joined, null);
  return withCurvesFrom(withSettings(joined, { metric: opened.metric }), opened.pointsKey);
}
