/** Something that costs and is worth something. */
export interface Offer {
  readonly cost: number;
  readonly worth: number;
}

/**
 * Positions of the offers that none beats: none is worth more and costs no more, or as much for less. By rising cost; of
 * equals the first.
 */
export function paretoFront(offers: readonly Offer[]): readonly number[] {
  const order = offers
    .map((offer, place) => ({ ...offer, place }))
    .sort((a, b) => a.cost - b.cost || b.worth - a.worth || a.place - b.place);
  let most = -Infinity;
  return order.flatMap(({ worth, place }) => {
    if (!(worth > most)) return [];
    most = worth;
    return [place];
  });
}
