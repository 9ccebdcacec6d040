import { lendPatchKind } from '../protocol/patches';
import { defineRun } from './run';

/** Gives out what a step made, where this thread knows it. */
export const lendPatchRun = defineRun(
  lendPatchKind,
  (context, { network, key }) => context.knownPatch(network, key) ?? null,
);
