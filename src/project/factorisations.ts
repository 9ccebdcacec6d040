import { costs, type Cost } from '../enc/costs';
import { energyCurve } from '../enc/curve';
import { keptAtEqualCost } from '../enc/keptAtEqualCost';
import { usefulRanks } from '../enc/problem';
import type { Factorisation, LayerDescription } from '../network/layers';
import type { NetworkState } from './state';
import type { Settings } from './settings';
import { ownValue } from '../network/ownValue';

const macs = costs.find(({ id }) => id === 'macs');

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
 *
 * @param cost what plans are held to
 */
export function splitAs(
  network: NetworkState,
  choices: Settings['factorisations'],
  cost: Cost = macs!,
): NetworkState {
  const { alternatives = [] } = network.summary;
  const layers = new Map(network.summary.layers.map((layer) => [layer.name, layer]));
  const swapped = new Map(
    alternatives.flatMap((other) => {
      const present = layers.get(other.name);
      return present && wantedSplit(network, choices, present, other, cost) === other
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
  asked: Cost,
): LayerDescription {
  const choice = ownValue(choices, present.name) ?? 'spatial';
  if (choice !== 'automatic') return other.factorisation === choice ? other : present;
  // What is measured is not known of every layer.
  const isKnown = [present, other].every((layer) => asked.ofLayer(layer) > 0);
  const { atRank, ofLayer } = isKnown ? asked : macs!;
  const kept = (layer: LayerDescription) => {
    const values = network.spectra.get(spectrumKey(layer.name, layer.factorisation));
    const byRank = usefulRanks(layer).map((rank) => atRank(layer, rank));
    return values && keptAtEqualCost(values, byRank, ofLayer(layer));
  };
  const [now, then] = [kept(present), kept(other)];
  if (now === undefined || then === undefined) return present;
  // Of two that keep as much the first one, whichever is in use, so that plans do not depend on what was before.
  const isBetter = then === now ? other.factorisation === 'spatial' : then > now;
  return isBetter ? other : present;
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
