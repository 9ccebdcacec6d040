import { coarseGrid, rankGrid } from './grid';
import { pointsOfLayer, type MeasuredPoint, type SweepLayer } from './points';
import { refinementCandidates } from './refinement';
import { needsMoreImages, relevantBand } from './relevance';

/** How a sweep spends its time. */
export interface SweepSettings {
  /** Most ranks per layer. */
  readonly ranksPerLayer: number;
  /** Images at hand: the length of the sweep's list. */
  readonly images: number;
  /** Images that every point gets before any point gets more. */
  readonly firstImages: number;
  /** Which metric the curves are for: accuracy needs more images than divergence. */
  readonly decides: 'measured' | 'divergence';
  /** true measures `ranksPerLayer` ranks of every layer on every image, whether or not that can matter. */
  readonly exhaustive: boolean;
}

export const defaultSweepSettings: Omit<SweepSettings, 'images'> = {
  ranksPerLayer: 9,
  firstImages: 64,
  decides: 'divergence',
  exhaustive: false,
};

/** Ranks of one layer to be measured on a run of the sweep's images. */
export interface SweepTask {
  readonly layer: SweepLayer;
  readonly ranks: readonly number[];
  /** Positions in the sweep's list of images. */
  readonly from: number;
  readonly to: number;
}

/** Ranks that one layer may gain before the other layers have had their turn. */
const ranksPerRound = 2;

/**
 * What to measure next, given what is known: all tasks of the current round, in network order (so that the
 * activations before the cut carry over from task to task). Rounds, most informative first: the coarse grid
 * of every layer; ranks where curves bend, a few per layer and round; more images, twice as many each round,
 * for points whose interval is wide and whose size matters. An empty answer means that the sweep is finished.
 *
 * @param layers in network order
 * @param points measured so far, one per layer and rank
 */
export function nextTasks(
  layers: readonly SweepLayer[],
  points: readonly MeasuredPoint[],
  settings: SweepSettings,
): readonly SweepTask[] {
  const known = layers.map((layer) => ({ layer, points: pointsOfLayer(layer, points) }));
  if (settings.exhaustive) {
    const grid = ({ rankMax }: SweepLayer) => rankGrid(rankMax, settings.ranksPerLayer);
    return known.flatMap((state) => extendTo(state, grid(state.layer), settings.images));
  }
  const first = Math.min(settings.firstImages, settings.images);
  const coarse = known.flatMap((state) =>
    extendTo(state, coarseGrid(state.layer.rankMax, settings.ranksPerLayer), first),
  );
  if (coarse.length > 0) return coarse;
  const band = relevantBand(layers.length);
  const refined = known.flatMap((state) => {
    const room = Math.max(0, settings.ranksPerLayer - state.points.length);
    const candidates = refinementCandidates(state.points, band).slice(0, Math.min(ranksPerRound, room));
    return extendTo(state, sorted(candidates.map(({ rank }) => rank)), first);
  });
  if (refined.length > 0) return refined;
  const wide = known.map((state) =>
    state.points.filter(
      (point) => point.images < settings.images && needsMoreImages(point, band, settings.decides),
    ),
  );
  const fewest = Math.min(...wide.flat().map(({ images }) => images));
  return known.flatMap((state, index) => {
    const due = wide[index].filter(({ images }) => images === fewest).map(({ rank }) => rank);
    return extendTo(state, due, Math.min(2 * fewest, settings.images));
  });
}

interface LayerState {
  readonly layer: SweepLayer;
  readonly points: readonly MeasuredPoint[];
}

/** Tasks after which each of the ranks is known on the first `images` images; one per number known so far. */
function extendTo({ layer, points }: LayerState, ranks: readonly number[], images: number): SweepTask[] {
  const byStart = new Map<number, number[]>();
  for (const rank of ranks) {
    const from = points.find((point) => point.rank === rank)?.images ?? 0;
    if (from < images) byStart.set(from, [...(byStart.get(from) ?? []), rank]);
  }
  return [...byStart].map(([from, together]) => ({ layer, ranks: together, from, to: images }));
}

function sorted(ranks: readonly number[]): number[] {
  return [...ranks].sort((a, b) => a - b);
}
