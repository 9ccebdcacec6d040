import * as v from 'valibot';
import type { DrawnImages } from '../../compression/draw';
import { metrics } from '../../compression/metrics';
import type { Step } from '../../compression/recipe';
import type { PieceSet } from '../../enc/sweep/pieces';
import type { SweepLayer } from '../../enc/sweep/points';
import { nextTasks, type SweepSettings, type SweepTask } from '../../enc/sweep/schedule';
import { drawnImages, factorisation, step } from '../documentText';
import { pointsKey } from '../points';
import { whole } from '../schemas';
import type { Statement, StatementKind } from './statement';

/** What decides the curves of a shared sweep, beside network and images. */
export interface SweepAbout {
  /** Id of the metric that the curves are drawn by. */
  readonly metric: string;
  readonly selection: DrawnImages;
  readonly refit: Step | null;
  /** Layers to measure, in network order. */
  readonly layers: readonly SweepLayer[];
  readonly settings: SweepSettings;
}

export type SweepStatement = Statement<SweepAbout>;

const count = v.pipe(whole, v.minValue(1));

/** A sweep of the layers' curves. */
export const sweepStatement: StatementKind<SweepAbout> = {
  id: 'sweep',
  about: v.strictObject({
    metric: v.pipe(
      v.string(),
      v.check((id) => metrics.find(id) !== undefined, 'expected the name of a metric'),
    ),
    selection: drawnImages,
    refit: v.nullable(step),
    layers: v.array(v.strictObject({ name: v.string(), factorisation, rankMax: count })),
    settings: v.strictObject({
      ranksPerLayer: count,
      images: count,
      firstImages: count,
      decides: v.picklist(['measured', 'divergence']),
      exhaustive: v.boolean(),
    }),
  }),
};

/** Names the points of a shared sweep: the `of` of its units. */
export function pointsKeyOf({ network, about }: SweepStatement): string {
  return pointsKey(network.fingerprint, about.selection, about.refit);
}

/** What is still to be measured; nothing where the sweep is complete. */
export function gapsOf({ about }: SweepStatement, pieces: PieceSet): readonly SweepTask[] {
  return nextTasks(about.layers, pieces, about.settings);
}
