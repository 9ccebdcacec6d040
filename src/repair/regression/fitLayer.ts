import { hasClosedForm, improveModel, kernelOf, modelError, type LinearModel } from './model';
import { bestBias, type Moments, type PatchLayout } from './regression';
import { withRidge } from './ridge';

/** One group of a layer as a regression, with what it was before. */
export interface GroupRegression {
  readonly layout: PatchLayout;
  /** The layer's own kernel, patchSize × outputs in the patches' order. */
  readonly kernel: Float64Array;
  /** What the fit may see. */
  readonly fitted: Moments;
  /** Of other images: chooses the ridge, the number of rounds and whether to fit at all. */
  readonly heldBack: Moments;
  /** What the group computes without repair: truncated factors, or the kernel itself. */
  readonly unrepaired: GroupFit;
}

/** What a group computes. */
export interface GroupFit {
  readonly model: LinearModel;
  /** One value per output of the group. */
  readonly bias: Float64Array;
}

/** How a layer was repaired; `rounds` counts those that re-fitted both factors, so 0 is the second factor alone. */
export type RepairChoice =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'bias' }
  | { readonly kind: 'fitted'; readonly ridge: number; readonly rounds: number };

/** A repaired layer: one fit per group. */
export interface LayerFit {
  readonly groups: readonly GroupFit[];
  readonly choice: RepairChoice;
  /** Mean squared error on the held-back samples as a share of the targets' variance there. */
  readonly errorBefore: number;
  readonly errorAfter: number;
}

export interface FitOptions {
  /** Strengths of the ridge to try, rising. */
  readonly ridges: readonly number[];
  /** Rounds of `improveModel` while ridges are compared. */
  readonly trialRounds: number;
  /** Most further rounds with the ridge that was chosen. */
  readonly maxRounds: number;
}

export const defaultFitOptions: FitOptions = {
  ridges: [0.00001, 0.0001, 0.001, 0.01, 0.1, 1, 10],
  trialRounds: 2,
  maxRounds: 9,
};

/** A fit with its error on the held-back samples. */
interface Candidate {
  readonly choice: RepairChoice;
  readonly groups: readonly GroupFit[];
  readonly error: number;
}

/**
 * Re-fits a layer. Ridges are tried from weak to strong, each from the unrepaired layer, until the error on the
 * held-back samples rises; the best goes on for as many rounds as it gains there. Where nothing
 * beats the unrepaired layer on the held-back samples, it stays.
 *
 * @param regressions one per group of the layer
 * @returns a generator that yields between rounds, so that the caller may pause or stop, and returns the fit
 */
export function* fitLayer(
  regressions: readonly GroupRegression[],
  options: FitOptions = defaultFitOptions,
): Generator<void, LayerFit, void> {
  const groups = regressions.map(({ unrepaired }) => unrepaired);
  const before: Candidate = {
    choice: { kind: 'unchanged' },
    groups,
    error: heldBackError(regressions, groups),
  };
  const models = groups.map(({ model }) => model);
  const withBias = candidateOf(regressions, models, { kind: 'bias' });
  const fitted = yield* bestRidge(regressions, models, options);
  const best = [withBias, fitted].reduce((a, b) => (b.error < a.error ? b : a), before);
  const variance = heldBackVariance(regressions);
  const share = (error: number) => (variance > 0 ? error / variance : 0);
  return {
    groups: best.groups,
    choice: best.choice,
    errorBefore: share(before.error),
    errorAfter: share(best.error),
  };
}

function* bestRidge(
  regressions: readonly GroupRegression[],
  models: readonly LinearModel[],
  { ridges, trialRounds, maxRounds }: FitOptions,
): Generator<void, Candidate, void> {
  let best: Candidate | null = null;
  let bestRidge = 0;
  for (const ridge of ridges) {
    const trial: Candidate = yield* followRounds(regressions, ridge, models, trialRounds);
    if (best && trial.error >= best.error) break;
    best = trial;
    bestRidge = ridge;
  }
  if (best === null) throw new RangeError('fitLayer: expected at least one ridge');
  if (regressions.every(({ layout }, group) => hasClosedForm(layout, models[group]))) return best;
  const start = best.groups.map(({ model }) => model);
  return yield* followRounds(regressions, bestRidge, start, maxRounds);
}

/**
 * Alternates in all groups with one ridge for as long as the error on the held-back samples falls.
 */
function* followRounds(
  regressions: readonly GroupRegression[],
  ridge: number,
  start: readonly LinearModel[],
  maxRounds: number,
): Generator<void, Candidate, void> {
  const rounds = regressions.map(({ fitted, layout, kernel }, group) =>
    improveModel(withRidge(fitted, kernel, ridge), layout, kernel, start[group]),
  );
  let models = start;
  let best: Candidate | null = null;
  for (let round = 0; round < maxRounds; round++) {
    const results = rounds.map((group) => group.next());
    if (results.every(({ done }) => done)) break;
    models = results.map((result, group) => (result.done ? models[group] : result.value));
    yield;
    const candidate = candidateOf(regressions, models, { kind: 'fitted', ridge, rounds: round });
    if (best && candidate.error >= best.error) break;
    best = candidate;
  }
  return best ?? candidateOf(regressions, models, { kind: 'fitted', ridge, rounds: 0 });
}

function candidateOf(
  regressions: readonly GroupRegression[],
  models: readonly LinearModel[],
  choice: RepairChoice,
): Candidate {
  const groups = regressions.map(({ fitted, layout }, group) => {
    const model = models[group];
    return { model, bias: bestBias(fitted, kernelOf(layout, model)) };
  });
  return { choice, groups, error: heldBackError(regressions, groups) };
}

function heldBackError(regressions: readonly GroupRegression[], groups: readonly GroupFit[]): number {
  return regressions.reduce((sum, { heldBack, layout }, group) => {
    const { model, bias } = groups[group];
    return sum + modelError(heldBack, layout, model, bias);
  }, 0);
}

function heldBackVariance(regressions: readonly GroupRegression[]): number {
  return regressions.reduce(
    (sum, { heldBack }) => heldBack.targetVariance.reduce((total, value) => total + value, sum),
    0,
  );
}
