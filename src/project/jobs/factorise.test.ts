import { expect, it } from 'vitest';
import { factoriseKind, type FactoriseSpec } from '../../../workers/protocol/factorise';
import type { Studio } from '../../../workers/protocol/studio';
import {
  adoptFactorsKind,
  lendFactorsKind,
  type AdoptFactorsSpec,
  type LendFactorsSpec,
} from '../../../workers/protocol/factors';
import { energyCurve } from '../../enc/curve';
import type { LayerFactors } from '../../network/factors';
import { fail } from '../../network/failure';
import { forgetful, type Caches } from '../caches';
import type { ProjectState } from '../state';
import { fakeStudio } from '../testing/fakeStudio';
import { layer, opened, ready } from '../testing/states';
import { factorise, factorsKey, factoringWork, spectraKey, type FactoriseTask } from './factorise';

const summary = {
  ...opened().network!.summary,
  layers: ['known', 'new', 'small'].map((name) => layer(name)),
};
const state = { ...opened(), network: { ...opened().network!, summary, curves: new Map() } };

/** Runs the job on layers, and tells what the threads were asked for and which curves came. */
async function run(
  task: Omit<FactoriseTask, 'key'>,
  caches: Caches,
  lent: readonly LayerFactors[] = [],
  onRun: (kind: string, reached: ProjectState) => void = () => undefined,
) {
  const computed: FactoriseSpec['task']['layers'][number][] = [];
  const adopted: string[] = [];
  let reached: ProjectState = state;
  const fake = fakeStudio({ onRun: (kind) => onRun(`answer ${kind}`, reached) });
  const studio: Pick<Studio, 'run'> = {
    run: (signal, kind, asked, ...rest) => {
      onRun(kind.name, reached);
      if (kind.name === lendFactorsKind.name) {
        const { layers } = asked as LendFactorsSpec['task'];
        const found = layers.flatMap(({ layer: name }) => lent.filter((own) => own.layer === name));
        return Promise.resolve({ ok: true, value: found as never });
      }
      if (kind.name === adoptFactorsKind.name) {
        adopted.push(...(asked as AdoptFactorsSpec['task']).factors.map((own) => own.layer));
        return Promise.resolve({ ok: true, value: null as never });
      }
      if (kind.name === factoriseKind.name) computed.push(...(asked as FactoriseSpec['task']).layers);
      return fake.run(signal, kind, asked, ...rest);
    },
  };
  const outcome = await factorise.run(
    { key: state.network.summary.fingerprint, ...task },
    {
      studio: studio as Studio,
      caches,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      getState: () => reached,
      update: (change) => (reached = change(reached)),
      record: (change) => (reached = change(reached)),
    },
  );
  return { outcome, computed, adopted, network: reached.network!, curves: reached.network!.curves };
}

function factorsOf(name: string): LayerFactors {
  const singularValues = Float64Array.from({ length: 24 }, (_, index) => 24 - index);
  const nothing = { shape: [0], data: new Float32Array() };
  return { layer: name, factorisation: 'spatial', rank: 9, singularValues, first: nothing, second: nothing };
}

it('takes from the cache what is worth looking for there, and keeps what it had to compute', async () => {
  const layers = [layer('known', { parameters: 900 }), layer('new', { parameters: 800 }), layer('small')];
  const saved = new Map<string, LayerFactors>();
  const [known] = layers;
  const keyOf = (name: string) =>
    factorsKey(state.network.summary.fingerprint, { layer: name, factorisation: 'spatial', rank: 9 });
  saved.set(keyOf(known!.name), factorsOf('known'));
  const asked: string[] = [];
  const caches: Caches = {
    ...forgetful,
    leastWork: factoringWork(layers[1]!),
    loadFactors: (key) => {
      asked.push(key);
      return Promise.resolve(saved.get(key) ?? null);
    },
    saveFactors: (key, factors) => Promise.resolve(Boolean(saved.set(key, factors))),
  };
  const found = await run({ layers }, caches, [factorsOf('new'), factorsOf('small')]);
  expect(found.outcome.ok).toBe(true);
  expect(asked).toEqual(['known', 'new'].map(keyOf));
  expect(found.adopted).toEqual(['known']);
  expect(found.computed.map((wanted) => wanted.layer)).toEqual(['new', 'small']);
  expect([...found.curves.keys()].sort()).toEqual(['known', 'new', 'small']);
  expect(found.curves.get('known')).toEqual(energyCurve('known', factorsOf('known').singularValues, 9));
  expect(saved.get(keyOf('new'))).toEqual(factorsOf('new'));
  expect(saved.size).toBe(2);
  const again = await run({ layers: layers.slice(0, 2) }, caches);
  expect(again.computed).toEqual([]);
  expect(again.adopted).toEqual(['known', 'new']);
});

it('factorises the longest layers first, as far as their ranks are of use or asked for', async () => {
  const layers = [
    layer('short', { parameters: 10, rankMax: 3 }),
    layer('long', { parameters: 5000, rankMax: 12 }),
    layer('wide', { parameters: 5000, rankFull: 9, rankMax: 7 }),
    layer('dear', { rankMax: 0 }),
  ];
  const { computed } = await run({ layers, ranks: { wide: 8, long: 2 } }, forgetful);
  const wanted = computed.map(({ layer: name, rank }) => [name, rank]);
  expect(wanted).toEqual([
    ['long', 12],
    ['wide', 8],
    ['dear', 1],
    ['short', 3],
  ]);
});

it('shows the curves of a network that was open before at once, and measures nothing by them until factors are there', async () => {
  const layers = [layer('known'), layer('new')];
  const kept = new Map<string, ReadonlyMap<string, Float64Array>>();
  const caches: Caches = {
    ...forgetful,
    loadSpectra: (key) => Promise.resolve(kept.get(key) ?? null),
    saveSpectra: (key, spectra) => Promise.resolve(Boolean(kept.set(key, spectra))),
  };
  const first = await run({ layers }, caches);
  expect([...kept.keys()]).toEqual([spectraKey(state.network.summary.fingerprint)]);
  expect([...first.network.foreseen]).toEqual([]);
  let atStart: ProjectState | null = null;
  const again = await run({ layers }, caches, [], (kind, reached) => {
    if (kind === factoriseKind.name) atStart ??= reached;
  });
  expect(atStart!.network!.curves).toEqual(first.curves);
  expect([...atStart!.network!.foreseen].sort()).toEqual(['spatial known', 'spatial new']);
  expect(factorise.wanted({ ...ready(), network: atStart!.network })).toHaveLength(1);
  expect(again.curves).toEqual(first.curves);
  expect([...again.network.foreseen]).toEqual([]);
});

it('forgets curves whose factors do not come', async () => {
  const layers = [layer('known'), layer('new')];
  const values = Float64Array.of(3, 2, 1);
  const caches: Caches = {
    ...forgetful,
    loadSpectra: () => Promise.resolve(new Map([['spatial known', values]])),
  };
  const seen: number[] = [];
  const { outcome, network } = await run({ layers }, caches, [], (kind, reached) => {
    seen.push(reached.network!.curves.size);
    if (kind === `answer ${factoriseKind.name}`) fail('thread-lost', 'Lost.');
  });
  expect(outcome.ok).toBe(false);
  expect(seen).toEqual([1, 1]);
  expect(network.curves.size + network.spectra.size + network.foreseen.size).toBe(0);
});
