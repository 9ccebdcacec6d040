import { arithmeticVersion } from '../../enc/sweep/arithmetic';
import { canonicalKey } from '../../network/canonical';
import type { Outcome } from '../../network/failure';
import type { LayerDescription, Ranks } from '../../network/layers';
import { factoriseKind, type LayerSpectrum, type WantedFactors } from '../../../workers/protocol/factorise';
import { adoptFactorsKind, lendFactorsKind } from '../../../workers/protocol/factors';
import type { BackgroundJob, BackgroundTask, TaskTools } from '../background';
import { factorising } from '../kinds';
import { spectrumKey, wantedAlternatives } from '../factorisations';
import { withSpectra } from '../transitions';

/** Layers of a network to factorise; those whose curves are known are left out. */
export interface FactoriseTask extends BackgroundTask {
  readonly layers: readonly LayerDescription[];
  /** Ranks by layer that are needed though they are above the layer's r_max. */
  readonly ranks?: Ranks;
}

/** Spectra reach the page together, this often. */
const flushMilliseconds = 16;

/** A measure of the time that a layer's factors take. */
export const factoringWork = ({ parameters, rankFull }: LayerDescription) => parameters * rankFull;

/** Names a layer's factors by the content of its network, the way they are made, and how far they reach. */
export function factorsKey(network: string, { layer, factorisation, rank }: WantedFactors): string {
  return canonicalKey(['factors', arithmeticVersion, network, layer, factorisation, rank]);
}

/** A layer and what is wanted of it. */
interface Wanted {
  readonly layer: LayerDescription;
  readonly factors: WantedFactors;
  /** Name in the cache; null where looking there would take longer. */
  readonly key: string | null;
}

/** Factorises every layer that can be cut, kept ones too, so that including one later costs nothing. */
export const factorise: BackgroundJob<FactoriseTask> = {
  kind: factorising,
  label: 'The layers’ factors',
  stage: 'factors',
  lane: 'foreground',
  order: 0,
  isToldElsewhere: true,
  rest: () => 0,
  wanted: ({ backend, network, document }) => {
    if (!backend || !network) return [];
    const { fingerprint, layers } = network.summary;
    const cuttable = layers.filter((layer) => layer.kept === null && layer.rankMax >= 1);
    const others = wantedAlternatives(network, document.settings.factorisations);
    return cuttable.every(({ name }) => network.curves.has(name)) && others.length === 0
      ? []
      : [{ key: fingerprint, layers: [...cuttable, ...others] }];
  },
  title: ({ network }) => `Factorising ${network?.title ?? 'the network'}`,
  async run(task, tools) {
    const wanted = wantedOf(task, tools);
    const missing = await adopted(task.key, wanted, tools);
    if (!missing.ok || missing.value.length === 0) return missing;
    const made = await computed(task.key, missing.value, tools);
    if (made.ok) await kept(task.key, missing.value, tools);
    return made;
  },
};

/** The longest layers come first, so that no thread is left with one at the end. */
function wantedOf({ key: network, layers, ranks = {} }: FactoriseTask, { caches, getState }: TaskTools) {
  const held = getState().network;
  const isInUse = ({ name, factorisation }: LayerDescription) =>
    held?.summary.layers.some((own) => own.name === name && own.factorisation === factorisation) === true;
  const isKnown = (layer: LayerDescription) =>
    held?.spectra.has(spectrumKey(layer.name, layer.factorisation)) === true ||
    (isInUse(layer) && held?.curves.has(layer.name) === true);
  const left = layers.filter((layer) => !isKnown(layer));
  const longestFirst = [...left].sort((a, b) => factoringWork(b) - factoringWork(a));
  return longestFirst.map((layer): Wanted => {
    const { name, factorisation, rankMax } = layer;
    // Vectors beyond r_max are of no use unless a rank says so.
    const factors = {
      layer: name,
      factorisation,
      rank: Math.max(1, rankMax, (Object.hasOwn(ranks, name) ? ranks[name] : null) ?? 0),
    };
    const isKept = factoringWork(layer) >= caches.leastWork;
    return { layer, factors, key: isKept ? factorsKey(network, factors) : null };
  });
}

/** Gives the threads what the cache has, and answers what it has not. */
async function adopted(
  network: string,
  wanted: readonly Wanted[],
  { studio, caches, signal, update }: TaskTools,
): Promise<Outcome<readonly Wanted[]>> {
  const load = ({ key }: Wanted) => (key === null ? null : caches.loadFactors(key));
  const found = await Promise.all(wanted.map(load));
  const factors = found.filter((own) => own !== null);
  const missing = wanted.filter((_, index) => found[index] === null);
  if (factors.length === 0) return { ok: true, value: missing };
  const outcome = await studio.run(signal, adoptFactorsKind, { network, factors }, () => undefined);
  if (!outcome.ok) return outcome;
  update((state) => withSpectra(state, network, factors));
  return { ok: true, value: missing };
}

/** Has the threads compute factors; curves are there as soon as each layer's are. */
function computed(
  network: string,
  wanted: readonly Wanted[],
  { studio, signal, onProgress, update }: TaskTools,
): Promise<Outcome<null>> {
  let fresh: LayerSpectrum[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const arrived = fresh;
    fresh = [];
    update((state) => withSpectra(state, network, arrived));
  };
  const onSpectrum = (spectrum: LayerSpectrum) => {
    fresh.push(spectrum);
    timer ??= setTimeout(flush, flushMilliseconds);
  };
  const layers = wanted.map(({ factors }) => factors);
  return studio.run(signal, factoriseKind, { network, layers }, onProgress, onSpectrum).finally(flush);
}

/** Keeps factors for another time, layer by layer, so that few of them are here at once. */
async function kept(network: string, wanted: readonly Wanted[], { studio, caches, signal }: TaskTools) {
  for (const { factors, key } of wanted) {
    if (key === null) continue;
    const task = { network, layers: [factors] };
    const outcome = await studio.run(signal, lendFactorsKind, task, () => undefined);
    const [own] = outcome.ok ? outcome.value : [];
    if (own) await caches.saveFactors(key, own);
  }
}
