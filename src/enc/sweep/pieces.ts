import { greatest } from '../../linalg/extremes';
import { bare, mergePoints, pointKey, type MeasuredPoint } from './points';

/** What was seen on a run of a sweep's images: of `images` of them, the first at position `from` of the list. */
export interface MeasuredPiece extends MeasuredPoint {
  readonly from: number;
}

/** The position behind a piece's last image. */
export function endOf({ from, images }: MeasuredPiece): number {
  return from + images;
}

/**
 * Everything that was measured in a sweep, piece by piece, and the points that follow from it. Pieces may come in any
 * order, several times, and with gaps between them; the points are the same whatever the order.
 */
export class PieceSet {
  readonly #pieces = new Map<string, Map<string, MeasuredPiece>>();
  readonly #points = new Map<string, MeasuredPoint | null>();

  /** @param pieces a point that says no `from` was measured on the first images */
  constructor(pieces: Iterable<MeasuredPoint | MeasuredPiece> = []) {
    for (const piece of pieces) this.add(piece);
  }

  add(piece: MeasuredPoint | MeasuredPiece): void {
    const own: MeasuredPiece = { from: 0, ...piece };
    const key = pointKey(own);
    const ofKey = this.#pieces.get(key) ?? new Map<string, MeasuredPiece>();
    this.#pieces.set(key, ofKey.set(runName(own.from, endOf(own)), own));
    this.#points.delete(key);
  }

  /** Whether a run of images was measured: as one piece, or as a part of what there is from the first image on. */
  covers(point: Pick<MeasuredPoint, 'layer' | 'factorisation' | 'rank'>, from: number, to: number): boolean {
    const key = pointKey(point);
    const own = this.#pieces.get(key);
    return own !== undefined && (own.has(runName(from, to)) || (this.#pointOf(key)?.images ?? 0) >= to);
  }

  /** A point per layer and rank, of all images from the first one to the first gap; none where the first is missing. */
  get points(): readonly MeasuredPoint[] {
    return [...this.#pieces.keys()].flatMap((key) => this.#pointOf(key) ?? []);
  }

  /** Every piece, those behind a gap included. */
  get all(): readonly MeasuredPiece[] {
    return [...this.#pieces.values()].flatMap((own) => [...own.values()]);
  }

  #pointOf(key: string): MeasuredPoint | null {
    const known = this.#points.get(key);
    if (known !== undefined) return known;
    const point = joined([...this.#pieces.get(key)!.values()]);
    this.#points.set(key, point);
    return point;
  }
}

function runName(from: number, to: number): string {
  return `${from}-${to}`;
}

/** The pieces that follow each other from the first image on, as one point. */
function joined(pieces: readonly MeasuredPiece[]): MeasuredPoint | null {
  const chain = longestChain(pieces);
  if (chain.length === 0) return null;
  const [first, ...rest] = chain.map(bare);
  return rest.reduce(mergePoints, first);
}

/**
 * The chain from the first image that reaches furthest. Of several the one whose pieces are longest, so that it
 * does not depend on the order in which they came.
 */
function longestChain(pieces: readonly MeasuredPiece[]): MeasuredPiece[] {
  const byStart = new Map<number, MeasuredPiece[]>();
  for (const piece of pieces) {
    const beside = byStart.get(piece.from);
    if (beside) beside.push(piece);
    else byStart.set(piece.from, [piece]);
  }
  const reach = new Map<number, number>();
  const starts = [...byStart.keys()].sort((a, b) => b - a);
  const reachFrom = (at: number) => reach.get(at) ?? at;
  for (const start of starts)
    reach.set(start, greatest(byStart.get(start)!.map((piece) => reachFrom(endOf(piece)))));
  const chain: MeasuredPiece[] = [];
  for (let at = 0; byStart.has(at);) {
    const furthest = byStart.get(at)!.filter((piece) => reachFrom(endOf(piece)) === reachFrom(at));
    const next = furthest.reduce((a, b) => (b.images > a.images ? b : a));
    chain.push(next);
    at = endOf(next);
  }
  return chain;
}
