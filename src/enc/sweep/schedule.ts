import { least } from '../../linalg/extremes';
import { coarseGrid, rankGrid } from './grid';
import type { PieceSet } from './pieces';
import { pointsOfLayer, type MeasuredPoint, type SweepLayer } from './points';
import { refinementCandidates } from './refinement';
import { needsMoreImages, relevantBand, type RelevantBand } from './relevance';

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

/**
 * Images that are measured as one piece. Runs of images are cut at its multiples whatever the number of threads or
 * of machines, so that the same pieces are joined in the same way everywhere; the activations of one piece before
 * the cut are kept from layer to layer.
 */
export const pieceImages = 64;

/** Ranks that one layer may gain before the other layers have had their turn. */
const ranksPerRound = 2;

/**
 * What to measure next, given what is known: all tasks of the current round, in network order (so that the
 * activations before the cut carry over from task to task). Rounds, most informative first: the coarse grid
 * of every layer; ranks where curves bend, a few per layer and round; more images, twice as many each round,
 * for points whose interval is wide and whose size matters. An empty answer means that the sweep is finished.
 *
 * What a layer needs next never depends on the other layers' points, only on how many layers there are: sweeps of
 * parts of the layers, each with the number of all of them, measure together what one sweep of all would.
 *
 * @param layers in network order
 * @param pieces measured so far
 * @param band divergences of one layer that matter; by the number of these layers unless given
 */
export function nextTasks(
  layers: readonly SweepLayer[],
  pieces: PieceSet,
  settings: SweepSettings,
  band: RelevantBand = relevantBand(layers.length),
): readonly SweepTask[] {
  return inPieces(nextRuns(layers, pieces.points, settings, band)).flatMap((task) =>
    unmeasured(task, pieces),
  );
}

/** The same as whole runs of images, measured or not beyond the first gap. */
function nextRuns(
  layers: readonly SweepLayer[],
  points: readonly MeasuredPoint[],
  settings: SweepSettings,
  band: RelevantBand,
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
  const fewest = least(wide.flat().map(({ images }) => images));
  return known.flatMap((state, index) => {
    const due = wide[index].filter(({ images }) => images === fewest).map(({ rank }) => rank);
    return extendTo(state, due, Math.min(2 * fewest, settings.images));
  });
}

/** A layer and what is known of it. */
export interface LayerState {
  readonly layer: SweepLayer;
  readonly points: readonly MeasuredPoint[];
}

/** Tasks after which each of the ranks is known on the first `images` images; one per number known so far. */
export function extendTo(
  { layer, points }: LayerState,
  ranks: readonly number[],
  images: number,
): SweepTask[] {
  const byStart = new Map<number, number[]>();
  for (const rank of ranks) {
    const from = points.find((point) => point.rank === rank)?.images ?? 0;
    if (from < images) byStart.set(from, [...(byStart.get(from) ?? []), rank]);
  }
  return [...byStart].map(([from, together]) => ({ layer, ranks: together, from, to: images }));
}

/** Cuts runs of images at the multiples of {@link pieceImages}; all layers of a piece before the next piece. */
export function inPieces(tasks: readonly SweepTask[]): readonly SweepTask[] {
  const cut = tasks.flatMap(({ from, to, ...rest }) =>
    pieceRuns(from, to).map((run): SweepTask => ({ ...rest, ...run })),
  );
  return cut.sort((a, b) => pieceOf(a.from) - pieceOf(b.from));
}

/** A run of a list of images, cut at the multiples of {@link pieceImages}. */
export function pieceRuns(from: number, to: number): { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (let at = from; at < to;) {
    const end = Math.min(to, (pieceOf(at) + 1) * pieceImages);
    runs.push({ from: at, to: end });
    at = end;
  }
  return runs;
}

function pieceOf(position: number): number {
  return Math.floor(position / pieceImages);
}

/** The task without the ranks that were measured on its images; none where all were. */
export function unmeasured(task: SweepTask, pieces: PieceSet): SweepTask[] {
  const { layer, from, to } = task;
  const of = (rank: number) => ({ layer: layer.name, factorisation: layer.factorisation, rank });
  const ranks = task.ranks.filter((rank) => !pieces.covers(of(rank), from, to));
  return ranks.length > 0 ? [{ ...task, ranks }] : [];
}

function sorted(ranks: readonly number[]): number[] {
  return [...ranks].sort((a, b) => a - b);
}
