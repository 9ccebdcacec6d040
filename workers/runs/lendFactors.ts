import { lendFactorsKind } from '../protocol/factors';
import { defineRun } from './run';

/** Gives the factors out that this thread holds. */
export const lendFactorsRun = defineRun(lendFactorsKind, (context, { network, layers }) =>
  layers.flatMap(({ layer, factorisation }) => context.knownFactors(network, layer, factorisation) ?? []),
);
