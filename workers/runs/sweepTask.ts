import { originalRecipe, type Recipe } from '../../src/compression/recipe';
import type { SweepLayer } from '../../src/enc/sweep/points';
import { createExecutor } from '../../src/engine/executor';
import { Sweep } from '../../src/engine/sweep/sweep';
import type { RunTools } from './run';
import { sweepTaskKind, type SweepTaskSpec } from '../protocol/sweep';
import type { ThreadContext } from '../service/threadContext';
import { defineRun } from './run';

/** Measures one task of a sweep. Activations before the cut carry over to the job's next task. */
export const sweepTaskRun = defineRun(sweepTaskKind, (context, request, tools) => {
  const { network, refit } = request;
  const { layer, ranks, from, to } = request.task;
  context.factors(network, layer.name, layer.factorisation);
  const variants = new Map(
    ranks.map((rank) => [rank, context.network(singleCut(network, layer, rank, refit))]),
  );
  const { sweep } = openSweep(context, request, tools);
  return sweep.measure({ layer, variants, isFitted: refit !== null, from, to, pause: tools.pause });
});

/** The network with one layer cut, re-fitted where there is such a step. */
function singleCut(
  network: string,
  { name, factorisation }: SweepLayer,
  rank: number,
  refit: SweepTaskSpec['task']['refit'],
): Recipe {
  return {
    ...originalRecipe(network),
    layers: { [name]: { kind: 'low-rank', factorisation, rank } },
    steps: refit ? [refit] : [],
  };
}

function openSweep(
  context: ThreadContext,
  { network, selection }: SweepTaskSpec['task'],
  { keep }: RunTools<SweepTaskSpec>,
) {
  return keep('sweep', () => {
    const executor = createExecutor(context.original(network));
    try {
      const { images, preprocessing, indices } = selection;
      const sweep = new Sweep(executor, context.images(images), preprocessing, indices);
      const dispose = () => {
        sweep.dispose();
        executor.dispose();
      };
      return { sweep, dispose };
    } catch (error) {
      executor.dispose();
      throw error;
    }
  });
}
