import { balance, composeKernel, type FactorPair } from './factorPair';
import { fitFirstFactor } from './firstFactor';
import { regressionError, type Moments, type PatchLayout } from './regression';
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
  let factors = fitSecondFactor(moments, layout, start);
  let error = regressionError(moments, composeKernel(layout, factors));
  yield { factors: balance(layout, factors), error };
  for (;;) {
    factors = balance(layout, factors);
    const next = fitSecondFactor(moments, layout, fitFirstFactor(moments, layout, factors));
    const nextError = regressionError(moments, composeKernel(layout, next));
    if (!(nextError < error)) return;
    factors = next;
    error = nextError;
    yield { factors: balance(layout, factors), error };
  }
}
