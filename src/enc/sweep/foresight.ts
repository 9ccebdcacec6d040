import { foreseenDivergence, usualSpread } from './foreseen';
import { PieceSet } from './pieces';
import { taskMacs, type LayerPlace } from './places';
import { pointsOfLayer, type MeasuredPoint, type SweepLayer } from './points';
import { relevantBand } from './relevance';
import { nextTasks, type SweepSettings, type SweepTask } from './schedule';

/** Rounds of one layer; none has so many. */
const maxRounds = 64;

/** What is left to measure of one layer. */
export interface LayerWork {
  readonly layer: string;
  /** Cut networks to make, once for every task that they are measured in. */
  readonly networks: number;
  /** Multiply-accumulates on all images. */
  readonly macs: number;
}

/**
 * What a sweep without a limit will still measure, as far as what is known tells: ranks that are not measured yet are
 * taken to diverge as the line between their neighbours says, more images to show what those so far have shown.
 * Layers are asked for one by one, as a new point changes what its own layer needs and nothing else.
 */
export class Foresight {
  readonly #left = new Map<string, LayerWork>();

  constructor(
    private readonly layers: readonly SweepLayer[],
    private readonly settings: SweepSettings,
    private readonly places: ReadonlyMap<string, LayerPlace>,
  ) {}

  /** Forgets what a layer needs, because more is known of it. */
  forget(layer: string): void {
    this.#left.delete(layer);
  }

  /** Everything that is left to measure. @param pieces what is measured */
  left(pieces: PieceSet): readonly LayerWork[] {
    const missing = this.layers.filter(({ name }) => !this.#left.has(name));
    if (missing.length > 0) {
      const { points } = pieces;
      const spread = meanSpread(points);
      for (const layer of missing)
        this.#left.set(layer.name, this.#ofLayer(layer, pointsOfLayer(layer, points), spread));
    }
    return this.layers.map(({ name }) => this.#left.get(name)!);
  }

  #ofLayer(layer: SweepLayer, known: readonly MeasuredPoint[], spread: number): LayerWork {
    const band = relevantBand(this.layers.length);
    const pieces = new PieceSet(known);
    let networks = 0;
    let macs = 0;
    for (let round = 0; round < maxRounds; round++) {
      const tasks = nextTasks([layer], pieces, this.settings, band);
      if (tasks.length === 0) break;
      const { points } = pieces;
      for (const task of tasks) {
        networks += task.ranks.length;
        macs += taskMacs(task, this.places);
        for (const rank of task.ranks)
          pieces.add({ ...foreseenPoint(task, points, rank, spread), from: task.from });
      }
    }
    return { layer: layer.name, networks, macs };
  }
}

function foreseenPoint(
  { layer, from, to }: SweepTask,
  points: readonly MeasuredPoint[],
  rank: number,
  spread: number,
): MeasuredPoint {
  const images = to - from;
  const seen = points.find((point) => point.rank === rank);
  const divergence = seen?.divergence ?? foreseenDivergence(layer, pointsOfLayer(layer, points), rank);
  return {
    ...{ layer: layer.name, factorisation: layer.factorisation, rank, images },
    basis: points[0]?.basis ?? 'agreement',
    ...{ correct: images, correctUncut: images, divergence },
    divergenceDeviation: seen?.divergenceDeviation ?? spread * divergence,
  };
}

/** Standard deviation over the mean of divergences that were measured; the usual one where there are none. */
function meanSpread(points: readonly MeasuredPoint[]): number {
  const seen = points.filter(({ divergence }) => divergence > 0);
  const sum = seen.reduce(
    (all, { divergence, divergenceDeviation }) => all + divergenceDeviation / divergence,
    0,
  );
  return seen.length > 0 ? sum / seen.length : usualSpread;
}
