import { foreseenDivergence, usualSpread } from './foreseen';
import { coarseGrid, rankGrid } from './grid';
import type { PieceSet } from './pieces';
import { pointsOfLayer, type MeasuredPoint, type SweepLayer } from './points';
import { needsMoreImages, relevantBand, type RelevantBand } from './relevance';
import { extendTo, inPieces, nextTasks, unmeasured, type SweepSettings, type SweepTask } from './schedule';

/** The rank that plans give each layer, null where they keep it; layers that are absent have none. */
export type NearRanks = ReadonlyMap<string, number | null>;

/** A sweep that is under way and has to end in time. */
export interface TimedSweep {
  /** In network order. */
  readonly layers: readonly SweepLayer[];
  /** Measured so far. */
  readonly pieces: PieceSet;
  readonly settings: SweepSettings;
  /** Images on which a rank is looked at first: fewer are no faster. */
  readonly fewestImages: number;
  readonly near: NearRanks;
}

/**
 * What every layer must have been measured at before anything else is: both ends of its curve, on a few images.
 * Nothing is left of it once each layer has a curve of its own.
 */
export function coarsePass({
  layers,
  pieces,
  settings,
  fewestImages,
}: Omit<TimedSweep, 'near'>): readonly SweepTask[] {
  const images = Math.min(fewestImages, settings.images);
  const { points } = pieces;
  const tasks = layers.flatMap((layer) =>
    extendTo({ layer, points: pointsOfLayer(layer, points) }, endsOf(layer), images),
  );
  return inPieces(tasks).flatMap((task) => unmeasured(task, pieces));
}

/**
 * What to measure next in so much time, after the coarse pass: what tells plans most for the time that it takes.
 * That is the ranks next to those that plans choose, of layers that cost the plans much, on a few images and then on
 * twice as many; then the other ranks of the coarse grid; and then everything that a sweep without a limit would
 * still measure, in the same order of worth.
 *
 * @param secondsOf what a task takes on one thread
 * @param seconds of one thread, all tasks together
 * @returns tasks in network order, piece by piece; none where nothing is left, or nothing that is short enough
 */
export function tasksWithin(
  sweep: TimedSweep,
  secondsOf: (task: SweepTask) => number,
  seconds: number,
): readonly SweepTask[] {
  const { layers, pieces } = sweep;
  const offered = extensions(sweep).map((own) => ({ ...own, seconds: secondsOf(taskOf(own)) }));
  offered.sort((a, b) => b.gain / b.seconds - a.gain / a.seconds);
  /** How far each rank is taken, by layer and rank; null where it can be taken no further. */
  const taken = new Map<string, Extension | null>();
  let left = seconds;
  for (const own of offered) {
    const key = `${own.rank} ${own.layer.name}`;
    const former = taken.get(key);
    if (former === null) continue;
    const fits = own.seconds <= left && (former === undefined || former.to === own.from);
    if (!fits) {
      if (former === undefined) taken.set(key, null);
      continue;
    }
    left -= own.seconds;
    taken.set(key, former ? { ...own, from: former.from } : own);
  }
  const chosen = [...taken.values()].filter((own) => own !== null);
  const tasks = layers.flatMap((layer) => together(chosen.filter((own) => own.layer.name === layer.name)));
  return inPieces(tasks).flatMap((task) => unmeasured(task, pieces));
}

/** A rank that could be looked at on more images than so far. */
interface Extension {
  readonly layer: SweepLayer;
  readonly rank: number;
  readonly from: number;
  readonly to: number;
  /** What it tells plans, in a unit of its own. */
  readonly gain: number;
}

function taskOf({ layer, rank, from, to }: Extension): SweepTask {
  return { layer, ranks: [rank], from, to };
}

/** Extensions of one layer as tasks; those of the same images are one. */
function together(extended: readonly Extension[]): readonly SweepTask[] {
  const tasks = new Map<string, SweepTask & { readonly ranks: number[] }>();
  for (const { layer, rank, from, to } of [...extended].sort((a, b) => a.rank - b.rank)) {
    const key = `${from}-${to}`;
    const task = tasks.get(key) ?? { layer, ranks: [], from, to };
    task.ranks.push(rank);
    tasks.set(key, task);
  }
  return [...tasks.values()];
}

/** Everything that could be measured next: up to the first images of each layer's own ranks, and only then more. */
function extensions({ layers, pieces, settings, ...sweep }: TimedSweep): readonly Extension[] {
  const band = relevantBand(layers.length);
  const { points } = pieces;
  const known = new Map(
    layers.map((layer) => [
      layer.name,
      new Worth(layer, pointsOfLayer(layer, points), { settings, band, ...sweep }),
    ]),
  );
  const first = [...known.values()].flatMap((worth) => worth.firstExtensions());
  if (first.length > 0) return first;
  return nextTasks(layers, pieces, settings, band).flatMap(({ layer, ranks, from, to }) =>
    ranks.map((rank) => known.get(layer.name)!.extension(rank, from, to)),
  );
}

/** Shares of what a rank tells: next to a plan's, at the ends of the grid, and in between. */
const shares = { near: 1, end: 0.1, other: 0.25 } as const;
/** Share of what a point tells that can change no decision. */
const settled = 0.02;
/** Standard deviation of a divergence over its mean, over images, is taken to be at least and at most this. */
const spreads = { min: 0.3, max: 5 } as const;

/** What is the same for all layers. */
interface WorthOptions extends Pick<TimedSweep, 'settings' | 'fewestImages' | 'near'> {
  readonly band: RelevantBand;
}

/** What measuring one layer tells plans. */
class Worth {
  readonly #near: readonly number[];
  /** What the layer costs plans, as far as it matters. */
  readonly #weight: number;

  constructor(
    private readonly layer: SweepLayer,
    private readonly points: readonly MeasuredPoint[],
    private readonly sweep: WorthOptions,
  ) {
    const { band } = sweep;
    const planned = sweep.near.get(layer.name);
    this.#near = planned === undefined ? [] : besides(this.#grid, planned ?? layer.rankMax);
    this.#weight =
      planned === undefined
        ? band.max
        : held(foreseenDivergence(layer, points, planned ?? layer.rankMax), band);
  }

  /** Ranks next to the plan's and of the coarse grid, each on a few images and then on twice as many. */
  firstExtensions(): readonly Extension[] {
    const { layer } = this;
    const { settings, fewestImages } = this.sweep;
    const most = Math.min(settings.firstImages, settings.images);
    const coarse = settings.exhaustive
      ? everyOther(this.#grid)
      : coarseGrid(layer.rankMax, settings.ranksPerLayer);
    return [...new Set([...coarse, ...this.#near])].flatMap((rank) => {
      const steps: Extension[] = [];
      for (let at = this.#pointAt(rank)?.images ?? 0; at < most;) {
        const to = Math.min(at === 0 ? fewestImages : 2 * at, most);
        steps.push(this.extension(rank, at, to));
        at = to;
      }
      return steps;
    });
  }

  extension(rank: number, from: number, to: number): Extension {
    const { settings, band } = this.sweep;
    const point = this.#pointAt(rank);
    const share = this.#near.includes(rank)
      ? shares.near
      : endsOf(this.layer).includes(rank)
        ? shares.end
        : shares.other;
    const matters = point
      ? needsMoreImages(point, band, settings.decides)
      : isWithin(foreseenDivergence(this.layer, this.points, rank), band);
    const worth = this.#weight * share * (matters ? 1 : settled);
    const error = errorBy(point);
    return { layer: this.layer, rank, from, to, gain: worth * (error(from) - error(to)) };
  }

  get #grid(): readonly number[] {
    return rankGrid(this.layer.rankMax, this.sweep.settings.ranksPerLayer);
  }

  #pointAt(rank: number): MeasuredPoint | undefined {
    return this.points.find((point) => point.rank === rank);
  }
}

/** Squared relative error of a divergence by the images that it was seen on: 1 where it was not seen at all. */
function errorBy(point: MeasuredPoint | undefined): (images: number) => number {
  const seen = point && point.divergence > 0 ? point.divergenceDeviation / point.divergence : usualSpread;
  const spread = Math.min(spreads.max, Math.max(spreads.min, seen));
  return (images) => 1 / (1 + images / spread ** 2);
}

function endsOf({ rankMax }: SweepLayer): readonly number[] {
  return rankMax > 1 ? [1, rankMax] : [1];
}

/** The ranks of a grid on both sides of a rank, or the rank itself where the grid has it. */
function besides(grid: readonly number[], rank: number): readonly number[] {
  const below = grid.filter((own) => own <= rank).at(-1);
  const above = grid.find((own) => own >= rank);
  return [...new Set([below, above])].filter((own) => own !== undefined);
}

function everyOther(grid: readonly number[]): readonly number[] {
  return grid.filter((_, index) => index % 2 === 0 || index === grid.length - 1);
}

function held(divergence: number, { min, max }: RelevantBand): number {
  return Math.min(max, Math.max(min, divergence));
}

function isWithin(divergence: number, { min, max }: RelevantBand): boolean {
  return divergence >= min && divergence <= max;
}
