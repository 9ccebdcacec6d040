import * as v from 'valibot';
import { bare, type MeasuredPoint } from '../../enc/sweep/points';
import { endOf, type MeasuredPiece } from '../../enc/sweep/pieces';
import { pieceImages, type SweepTask } from '../../enc/sweep/schedule';
import { factorisation, point } from '../documentText';
import { whole } from '../schemas';
import { unitKind, type Unit } from './units';

/** A layer at a rank on a run of a sweep's images. */
export interface PointItem extends Pick<MeasuredPoint, 'layer' | 'factorisation' | 'rank'> {
  readonly from: number;
  readonly to: number;
}

/** What one unit of a sweep has found; its `of` is the `pointsKey`. */
export const pointUnit = unitKind<PointItem, MeasuredPoint>(
  'point',
  v.strictObject({
    layer: v.string(),
    factorisation,
    rank: v.pipe(whole, v.minValue(1)),
    from: whole,
    to: whole,
  }),
  point,
  // A sweep that went on from points without their pieces; the last piece of a list may be shorter than all others.
  { isAtLarge: ({ from, to }) => from % pieceImages !== 0 || to - from > pieceImages },
);

export type PointUnit = Unit<PointItem, MeasuredPoint>;

/** @param of the `pointsKey` of the sweep */
export function unitOfPiece(of: string, piece: MeasuredPiece, backend: string): PointUnit {
  const { layer, factorisation: split, rank, from } = piece;
  const item = { layer, factorisation: split, rank, from, to: endOf(piece) };
  return { of, item, found: bare(piece), backend };
}

/** The piece that a unit holds. */
export function pieceOfUnit({ item, found }: PointUnit): MeasuredPiece {
  return { ...found, from: item.from };
}

/** The units of a task of a sweep, one per rank. */
export function itemsOf({ layer, ranks, from, to }: SweepTask): readonly PointItem[] {
  const { name, factorisation: split } = layer;
  return ranks.map((rank) => ({ layer: name, factorisation: split, rank, from, to }));
}
