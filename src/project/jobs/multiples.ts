import { originalRecipe } from '../../compression/recipe';
import { latencyKind } from '../../../workers/protocol/latency';
import type { BackgroundJob } from '../background';
import { timingMultiples } from '../kinds';
import { withMultipleTimes, type MultiplesTask } from '../multiples';
import { formatTarget } from '../numbers';

/** Rounds of each plan; half as many again where they disagree. */
const [rounds, mostRounds] = [9, 25];

/** Times the plans that ranks of several multiples make, when a person asks which are fastest on this machine. */
export const multiples: BackgroundJob<MultiplesTask> = {
  kind: timingMultiples,
  label: 'Times of rank multiples',
  stage: 'rank multiples',
  lane: 'foreground',
  order: 5.5,
  isForPage: true,
  rest: () => 0,
  wanted: () => [],
  mayGoOn: ({ network }, { plans }) => network?.summary.fingerprint === plans[0]!.recipe.network,
  title: (_state, { target }) => `Timing multiples of ranks at ${formatTarget(target)}`,
  async run(task, { studio, signal, onProgress, record }) {
    const recipes = task.plans.map(({ recipe }) => recipe);
    const outcome = await studio.run(
      signal,
      latencyKind,
      {
        recipes: [originalRecipe(recipes[0]!.network), ...recipes],
        ...{ runtime: 'own', batches: [1], rounds, mostRounds },
      },
      onProgress,
    );
    if (outcome.ok) record((state) => withMultipleTimes(state, task, outcome.value));
    return outcome;
  },
};
