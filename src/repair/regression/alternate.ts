import { balance, type FactorPair } from './factorPair';
import { fitFirstFactor } from './firstFactor';
import type { Moments, PatchLayout } from './regression';
import { fitSecondFactor } from './secondFactor';

/** The state after a half-step that ends a round. */
export interface Round {
  readonly factors: FactorPair;
  /** On the moments that were fitted. */
  readonly error: number;
}

/**
 * Fits both factors in turn, from given ones. Round 0 fits the second factor alone (the simple repair), every
 * further round the first and then again the second; the error never rises. Ends by itself only where a round
 * gains nothing more.
 *
 * @returns a generator, so that the caller may pause or stop between rounds
 */
export function* alternate(
  moments: Moments,
  layout: PatchLayout,
  start: FactorPair,
): Generator<Round, void, void> {
  let { factors, error } = fitSecondFactor(moments, layout, start);
  yield { factors: balance(layout, factors), error };
  for (;;) {
    factors = balance(layout, factors);
    const next = fitSecondFactor(moments, layout, fitFirstFactor(moments, layout, factors));
    if (!(next.error < error)) return;
    ({ factors, error } = next);
    yield { factors: balance(layout, factors), error };
  }
}
