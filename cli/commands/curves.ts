import type { BackendRequest } from '../../src/engine/backend';
import { printAnswer, table } from '../output';
import { Workspace } from '../workspace';

/** Prints the energy curve of every layer that can be factorised. */
export async function curves(
  model: readonly string[],
  options: { readonly json: boolean; readonly backend: BackendRequest },
): Promise<void> {
  await Workspace.with(model, options.backend, async (workspace) => {
    const able = workspace.network.layers.filter((layer) => layer.kept === null);
    const byLayer = await workspace.factorise(able);
    const layers = able.map(({ name, rankMax, factorisation }) => {
      const values = Array.from(byLayer.get(name)!.quality);
      return { name, factorisation, rankMax, ranks: values.map((_, index) => index + 1), values };
    });
    printAnswer(options.json, { metric: 'energy', layers }, () =>
      table([
        ['layer', 'r_max', 'rank at 50 %', '90 %', '99 %'],
        ...layers.map(({ name, rankMax, values }) => [
          name,
          rankMax,
          ...[0.5, 0.9, 0.99].map((level) => values.findIndex((value) => value >= level) + 1),
        ]),
      ]),
    );
  });
}
