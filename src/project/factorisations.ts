import { energyCurve } from '../enc/curve';
import { keptAtEqualCost } from '../enc/keptAtEqualCost';
import type { Factorisation, LayerDescription } from '../network/layers';
import type { NetworkState } from './state';
import type { Settings } from './settings';
import { ownValue } from '../network/ownValue';

/** Names the singular values of a layer that is split in one way. */
export function spectrumKey(layer: string, factorisation: Factorisation): string {
  return `${factorisation} ${layer}`;
}

/** The layer as it is split otherwise; undefined where there is one way only. */
export function alternativeOf({ summary }: NetworkState, layer: string): LayerDescription | undefined {
  return summary.alternatives?.find(({ name }) => name === layer);
}

/** The description of a layer under a factorisation; undefined where it has none such. */
export function describedAs(
  network: Pick<NetworkState, 'summary'>,
  layer: string,
  factorisation: Factorisation,
): LayerDescription | undefined {
  const { layers, alternatives = [] } = network.summary;
  return [...layers, ...alternatives].find(
    (own) => own.name === layer && own.factorisation === factorisation,
  );
}

/**
 * The network with every layer split as the settings say. What is automatic is split in the way that keeps more of the
 * kernel at equal cost, once both are known; until then it stays as it is.
 */
export function splitAs(network: NetworkState, choices: Settings['factorisations']): NetworkState {
  const { alternatives = [] } = network.summary;
  const layers = new Map(network.summary.layers.map((layer) => [layer.name, layer]));
  const swapped = new Map(
    alternatives.flatMap((other) => {
      const present = layers.get(other.name);
      return present && wantedSplit(network, choices, present, other) === other
        ? [[other.name, { present, other }] as const]
        : [];
    }),
  );
  if (swapped.size === 0) return network;
  const curves = new Map(network.curves);
  for (const [name, { other }] of swapped) {
    const values = network.spectra.get(spectrumKey(name, other.factorisation));
    if (values) curves.set(name, energyCurve(name, values, other.rankMax));
    else curves.delete(name);
  }
  const summary = {
    ...network.summary,
    layers: network.summary.layers.map((layer) => swapped.get(layer.name)?.other ?? layer),
    alternatives: alternatives.map((layer) => swapped.get(layer.name)?.present ?? layer),
  };
  return { ...network, summary, curves };
}

function wantedSplit(
  network: NetworkState,
  choices: Settings['factorisations'],
  present: LayerDescription,
  other: LayerDescription,
): LayerDescription {
  const choice = ownValue(choices, present.name) ?? 'spatial';
  if (choice !== 'automatic') return other.factorisation === choice ? other : present;
  const kept = ({ name, factorisation, ...costs }: LayerDescription) => {
    const values = network.spectra.get(spectrumKey(name, factorisation));
    return values && keptAtEqualCost(values, costs);
  };
  const [now, then] = [kept(present), kept(other)];
  return now !== undefined && then !== undefined && then > now ? other : present;
}

/** Ways to split layers whose singular values are wanted beside those in use, so that the better one can be chosen. */
export function wantedAlternatives(
  network: NetworkState,
  choices: Settings['factorisations'],
): readonly LayerDescription[] {
  const { alternatives = [] } = network.summary;
  return alternatives.filter(
    ({ name, factorisation }) =>
      ownValue(choices, name) === 'automatic' && !network.spectra.has(spectrumKey(name, factorisation)),
  );
}
