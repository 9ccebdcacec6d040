import { createRegistry } from '../../network/registry';
import { remembered } from '../remembered';
import type { ProjectState } from '../state';
import type { Assumption, AssumptionEntry } from './assumption';
import { classes } from './classes';
import { frames } from './frames';
import { leftOut } from './leftOut';
import { output } from './output';
import { outputsLeftOut } from './outputsLeftOut';
import { labels } from './labels';
import { pixelRange } from './pixelRange';
import { preprocessing } from './preprocessing';
import { subset } from './subset';

export type { Alternative, Assumption, AssumptionEntry } from './assumption';

/** Everything that may be assumed, in the order in which page and command line say it. */
export const assumptions = createRegistry<AssumptionEntry>('assumption', [
  output,
  outputsLeftOut,
  subset,
  labels,
  classes,
  pixelRange,
  preprocessing,
  frames,
  leftOut,
]);

/** An assumption under the id of its entry. */
export type IdentifiedAssumption = Assumption & { readonly id: string };

/** What is assumed by an entry; null where it has nothing to say. */
export function assumptionOf(id: string, state: ProjectState): Assumption | null {
  return assumptions.get(id).of(state);
}

/** Everything that is assumed at present. */
export const assumed = remembered(
  ({ network, images, document }: ProjectState) => [network, images, document],
  (state): readonly IdentifiedAssumption[] =>
    assumptions.all.flatMap((entry) => {
      const assumption = entry.of(state);
      return assumption ? [{ id: entry.id, ...assumption }] : [];
    }),
);
