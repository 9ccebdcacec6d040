/** What a person has decided about the ranks that one layer may have. */
export interface RankLimits {
  /** Least rank. */
  readonly least?: number;
  /** Greatest rank; a layer that has one is cut, whatever the budget. */
  readonly most?: number;
  /** Ranks are whole multiples of it, so that they fill a kernel's lanes; a rank that is fixed need not be one. */
  readonly multiple?: number;
}

/** Limits of which neither end lies outside 1 … greatest, nor the lower one above the upper. */
export function heldLimits<Limits extends RankLimits>(limits: Limits, greatest: number): Limits {
  const held = (rank: number) => Math.min(greatest, Math.max(1, Math.round(rank)));
  const { least, most } = limits;
  const from = least === undefined ? undefined : held(least);
  return {
    ...limits,
    ...(from === undefined ? {} : { least: from }),
    ...(most === undefined ? {} : { most: Math.max(held(most), from ?? 1) }),
  };
}

/**
 * The choices that limits leave to a layer; null keeps it whole. Where the limits leave nothing, the multiple is let
 * go of first, as bounds are a person's own decision about this layer; then the layer stays whole.
 *
 * @param ranks those worth choosing, rising
 */
export function limitedChoices(
  ranks: readonly number[],
  { least = 1, most = Infinity, multiple = 1 }: RankLimits,
): readonly (number | null)[] {
  const bounded = ranks.filter((rank) => rank >= least && rank <= most);
  const whole = most === Infinity ? [null] : [];
  const multiples = bounded.filter((rank) => rank % multiple === 0);
  if (most === Infinity) return [...multiples, ...whole];
  if (multiples.length > 0) return multiples;
  return bounded.length > 0 ? bounded : [null];
}
