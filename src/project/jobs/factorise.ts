import { energyCurve, type Curve } from '../../enc/curve';
import type { LayerDescription, Ranks } from '../../network/layers';
import { factoriseKind, type LayerSpectrum, type WantedFactors } from '../../../workers/protocol/factorise';
import type { BackgroundJob, BackgroundTask } from '../background';
import { factorising } from '../kinds';
import { withCurves } from '../transitions';

/** Layers of a network to factorise; those whose curves are known are left out. */
export interface FactoriseTask extends BackgroundTask {
  readonly layers: readonly LayerDescription[];
  /** Ranks by layer that are needed though they are above the layer's r_max. */
  readonly ranks?: Ranks;
}

/** Spectra reach the page together, this often. */
const flushMilliseconds = 16;

/** A measure of the time that a layer takes; the longest go first, so that no thread is left with one at the end. */
const work = ({ parameters, rankFull }: LayerDescription) => parameters * rankFull;

/** Vectors beyond r_max are of no use unless a rank says so. */
const wantedOf = ({ name, factorisation, rankMax }: LayerDescription, ranks: Ranks): WantedFactors => ({
  layer: name,
  factorisation,
  rank: Math.max(1, rankMax, ranks[name] ?? 0),
});

/** Factorises every layer that can be cut, kept ones too, so that including one later costs nothing. */
export const factorise: BackgroundJob<FactoriseTask> = {
  kind: factorising,
  label: 'The layers’ factors',
  lane: 'foreground',
  order: 0,
  isToldElsewhere: true,
  rest: () => 0,
  wanted: ({ backend, network }) => {
    if (!backend || !network) return [];
    const { fingerprint, layers } = network.summary;
    const cuttable = layers.filter((layer) => layer.kept === null && layer.rankMax >= 1);
    return cuttable.every(({ name }) => network.curves.has(name))
      ? []
      : [{ key: fingerprint, layers: cuttable }];
  },
  title: ({ network }) => `Factorising ${network?.title ?? 'the network'}`,
  run({ key: network, layers, ranks = {} }, { studio, signal, onProgress, getState, update }) {
    const known = getState().network?.curves;
    const left = layers.filter(({ name }) => !known?.has(name));
    const rankMax = new Map(left.map((layer) => [layer.name, layer.rankMax]));
    let fresh: Curve[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      clearTimeout(timer);
      timer = undefined;
      const arrived = fresh;
      fresh = [];
      update((state) => withCurves(state, network, arrived));
    };
    const onSpectrum = ({ layer, singularValues }: LayerSpectrum) => {
      fresh.push(energyCurve(layer, singularValues, rankMax.get(layer) ?? 1));
      timer ??= setTimeout(flush, flushMilliseconds);
    };
    const wanted = [...left].sort((a, b) => work(b) - work(a)).map((layer) => wantedOf(layer, ranks));
    return studio
      .run(signal, factoriseKind, { network, layers: wanted }, onProgress, onSpectrum)
      .finally(flush);
  },
};
