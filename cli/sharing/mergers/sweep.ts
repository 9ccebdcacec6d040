import { metrics } from '../../../src/compression/metrics';
import { rankGrid } from '../../../src/enc/sweep/grid';
import { PieceSet } from '../../../src/enc/sweep/pieces';
import { pieceRuns, type SweepTask } from '../../../src/enc/sweep/schedule';
import { curvesText, printedCurves } from '../../../src/project/curvesFile';
import { pieceOfUnit, pointUnit } from '../../../src/project/sharing/pointUnit';
import {
  gapsOf,
  pointsKeyOf,
  sweepStatement,
  type SweepStatement,
} from '../../../src/project/sharing/sweepStatement';
import { curvesTable } from '../../curvesTable';
import { defineMerger, type MergedFile } from './merger';

/** Curves of the layers from the units of a shared sweep: those that one process would have measured. */
export const sweepMerger = defineMerger({
  kind: sweepStatement,
  unit: pointUnit,
  ofUnits: pointsKeyOf,
  gather(statement, units) {
    const pieces = new PieceSet(units.map(pieceOfUnit));
    const gaps = gapsOf(statement, pieces);
    const missing = gaps.reduce((sum, { ranks }) => sum + ranks.length, 0);
    const done = pieces.all.length;
    const { exhaustive } = statement.about.settings;
    return {
      done,
      total: exhaustive ? Math.max(unitsOf(statement), done + missing) : done + missing,
      mayGrow: !exhaustive && missing > 0,
      gaps: gaps.map(gapText),
      merged: () => mergedCurves(statement, pieces),
    };
  },
});

/** Units of an exhaustive sweep. */
function unitsOf({ about: { layers, settings } }: SweepStatement): number {
  const ranks = layers.reduce(
    (sum, { rankMax }) => sum + rankGrid(rankMax, settings.ranksPerLayer).length,
    0,
  );
  return ranks * pieceRuns(0, settings.images).length;
}

function gapText({ layer, ranks, from, to }: SweepTask): string {
  return `${layer.name}: rank${ranks.length === 1 ? '' : 's'} ${ranks.join(', ')} on images ${from} to ${to - 1}`;
}

function mergedCurves(statement: SweepStatement, pieces: PieceSet): MergedFile {
  const { about, images, network } = statement;
  const { layers, metric } = about;
  // Every layer has points at both of its ends, so no curve is carried over from energy.
  const { curves } = metrics.get(metric).curves(layers, pieces.points, new Map());
  const measured = {
    ...{ images, count: images.count, points: pieces.points },
    ...{ key: pointsKeyOf(statement), isRepaired: about.refit !== null },
  };
  const printed = printedCurves({ fingerprint: network.fingerprint, layers }, metric, curves, measured);
  return { text: curvesText(printed), printed, table: () => curvesTable(printed) };
}
