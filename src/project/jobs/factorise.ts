import { arithmeticVersion } from '../../enc/sweep/arithmetic';
import { canonicalKey } from '../../network/canonical';
import type { Outcome } from '../../network/failure';
import type { LayerDescription, Ranks } from '../../network/layers';
import {
  factoriseKind,
  type FactoriseSpec,
  type LayerSpectrum,
  type WantedFactors,
} from '../../../workers/protocol/factorise';
import { adoptFactorsKind, lendFactorsKind } from '../../../workers/protocol/factors';
import type { BackgroundJob, BackgroundTask, TaskTools } from '../background';
import { factorising } from '../kinds';
import { spectrumKey, wantedAlternatives } from '../factorisations';
import { withForeseenSpectra, withoutForeseen, withSpectra } from '../transitions';
import { ownValue } from '../../network/ownValue';

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
export function factorsKey(network: string, wanted: WantedFactors): string {
  const { layer, factorisation, rank, isEstimated } = wanted;
  const way = isEstimated ? ['estimated'] : [];
  return canonicalKey(['factors', arithmeticVersion, network, layer, factorisation, rank, ...way]);
}

/** Names the singular values of a network's layers. */
export function spectraKey(network: string): string {
  return canonicalKey(['spectra', arithmeticVersion, network]);
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
    const isDone = ({ name, factorisation }: LayerDescription) =>
      network.curves.has(name) && !network.foreseen.has(spectrumKey(name, factorisation));
    return cuttable.every(isDone) && others.length === 0
      ? []
      : [{ key: fingerprint, layers: [...cuttable, ...others] }];
  },
  title: ({ network }) => `Factorising ${network?.title ?? 'the network'}`,
  async run(task, tools) {
    const wanted = wantedOf(task, tools);
    const before = await foreseen(task.key, wanted, tools);
    const missing = await adopted(task.key, wanted, tools);
    const made = missing.ok ? await computed(task.key, missing.value, tools) : missing;
    if (!missing.ok || !made.ok) {
      // Curves whose factors do not come would be of plans that nobody can have.
      tools.record((state) => withoutForeseen(state, task.key));
      return made;
    }
    await keptSpectra(task.key, before, tools);
    await kept(task.key, missing.value, tools);
    return made;
  },
};

type Spectra = ReadonlyMap<string, Float64Array>;

/** Shows the curves of layers whose singular values the cache has; answers these, null where it has none. */
async function foreseen(
  network: string,
  wanted: readonly Wanted[],
  { caches, update }: TaskTools,
): Promise<Spectra | null> {
  if (wanted.length === 0) return null;
  const spectra = await caches.loadSpectra(spectraKey(network));
  const found = wanted.flatMap(({ factors: { layer, factorisation } }): LayerSpectrum[] => {
    const singularValues = spectra?.get(spectrumKey(layer, factorisation));
    return singularValues ? [{ layer, factorisation, singularValues }] : [];
  });
  update((state) => withForeseenSpectra(state, network, found));
  return spectra;
}

/** Keeps the singular values of a network, where more of them are known than are kept. */
async function keptSpectra(network: string, before: Spectra | null, { caches, getState }: TaskTools) {
  const held = getState().network;
  if (held?.summary.fingerprint !== network) return;
  const spectra: Spectra = new Map([...(before ?? []), ...held.spectra]);
  if (spectra.size > (before?.size ?? 0)) await caches.saveSpectra(spectraKey(network), spectra);
}

/** The longest layers come first, so that no thread is left with one at the end. */
function wantedOf({ key: network, layers, ranks = {} }: FactoriseTask, { caches, getState }: TaskTools) {
  const held = getState().network;
  const isInUse = ({ name, factorisation }: LayerDescription) =>
    held?.summary.layers.some((own) => own.name === name && own.factorisation === factorisation) === true;
  const isKnown = (layer: LayerDescription) => {
    const key = spectrumKey(layer.name, layer.factorisation);
    if (!held || held.foreseen.has(key)) return false;
    return held.spectra.has(key) || (isInUse(layer) && held.curves.has(layer.name));
  };
  const left = layers.filter((layer) => !isKnown(layer));
  const longestFirst = [...left].sort((a, b) => factoringWork(b) - factoringWork(a));
  return longestFirst.map((layer): Wanted => {
    const { name, factorisation, rankMax } = layer;
    // Vectors beyond r_max are of no use unless a rank says so.
    const asked = ownValue(ranks, name) ?? null;
    const factors: WantedFactors = {
      layer: name,
      factorisation,
      rank: Math.max(1, rankMax, asked ?? 0),
      // Who asks for a rank gets it.
      ...(layer.isEstimated && asked === null ? { isEstimated: true } : {}),
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

/** Has the threads compute factors; curves are there as soon as each layer's singular values are. */
async function computed(
  network: string,
  wanted: readonly Wanted[],
  { studio, signal, onProgress, update }: TaskTools,
): Promise<Outcome<null>> {
  if (wanted.length === 0) return { ok: true, value: null };
  let fresh: FactoriseSpec['event'][] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const arrived = fresh;
    fresh = [];
    const [held, others] = [true, false].map((isHeld) => arrived.filter((own) => own.isHeld === isHeld));
    update((state) => withSpectra(withForeseenSpectra(state, network, others!), network, held!));
  };
  const onSpectrum = (spectrum: FactoriseSpec['event']) => {
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
