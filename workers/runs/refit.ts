import { imagesOf } from '../../src/compression/steps/step';
import { originalRecipe, recipeKey } from '../../src/compression/recipe';
import type { Patch } from '../../src/network/patch';
import { fitFromOriginal, originalMoments } from '../../src/repair/fromOriginal';
import { emptyPatch } from '../../src/network/patch';
import type { NamedPatch } from '../protocol/artefacts';
import { refitKind, type RefitTask } from '../protocol/refit';
import { defineRun } from './run';

/** Re-fits each layer at each of its ranks, in network order, from one pass over the images. */
export const refitRun = defineRun(refitKind, async (context, task, { onProgress, pause }) => {
  const { network, layers, step } = task;
  const wanted = new Map(layers.map((layer) => [layer.layer, layer]));
  const factorsOf = new Map(
    layers.map(({ layer, factorisation }) => [layer, context.factors(network, layer, factorisation)]),
  );
  const on = context.drawn(network, imagesOf(step));
  const fits = new Map<string, Patch>();
  const moments = originalMoments({
    network: context.original(network),
    factors: [...factorsOf.values()],
    ...on,
    seed: step.seed,
    pause,
  });
  let done = 0;
  for await (const own of moments) {
    const { name } = own.step.target.node;
    for (const rank of wanted.get(name)?.ranks ?? []) {
      await pause();
      const [patch] = fitFromOriginal(own, factorsOf.get(name)!, [rank]);
      fits.set(fitName(task, name, rank), patch!);
    }
    onProgress({ stage: 'repairing', done: ++done, total: layers.length, unit: 'layers' });
  }
  const patches = layers.flatMap(({ layer, ranks }): NamedPatch[] =>
    ranks.map((rank) => {
      const key = fitName(task, layer, rank);
      return { key, patch: fits.get(key) ?? emptyPatch };
    }),
  );
  context.put({ kind: 'patches', network, patches });
  return patches;
});

function fitName({ network, layers, step }: RefitTask, layer: string, rank: number): string {
  const { factorisation } = layers.find((candidate) => candidate.layer === layer)!;
  const choice = { kind: 'low-rank', factorisation, rank } as const;
  return recipeKey({ ...originalRecipe(network), layers: { [layer]: choice }, steps: [step] });
}
