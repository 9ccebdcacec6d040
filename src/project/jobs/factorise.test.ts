import { expect, it } from 'vitest';
import { factoriseKind, type FactoriseSpec } from '../../../workers/protocol/factorise';
import type { Studio } from '../../../workers/protocol/studio';
import { forgetful } from '../caches';
import { fakeStudio } from '../testing/fakeStudio';
import { layer, opened } from '../testing/states';
import { factorise } from './factorise';

it('factorises the longest layers first, as far as their ranks are of use or asked for', async () => {
  const tasks: FactoriseSpec['task'][] = [];
  const studio = fakeStudio((kind, task) => {
    if (kind === factoriseKind.name) tasks.push(task as FactoriseSpec['task']);
  });
  const layers = [
    layer('short', { parameters: 10, rankMax: 3 }),
    layer('long', { parameters: 5000, rankMax: 12 }),
    layer('wide', { parameters: 5000, rankFull: 9, rankMax: 7 }),
    layer('dear', { rankMax: 0 }),
  ];
  const state = { ...opened(), network: { ...opened().network!, curves: new Map() } };
  await factorise.run(
    { key: state.network.summary.fingerprint, layers, ranks: { wide: 8, long: 2 } },
    {
      studio: studio as Studio,
      caches: forgetful,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      getState: () => state,
      update: () => undefined,
      record: () => undefined,
    },
  );
  const wanted = tasks[0]!.layers.map(({ layer: name, rank }) => [name, rank]);
  expect(wanted).toEqual([
    ['long', 12],
    ['wide', 8],
    ['dear', 1],
    ['short', 3],
  ]);
});
