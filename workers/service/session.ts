import type { LayerFactors } from '../../src/network/factors';
import { fail } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { ImageSet } from '../../src/network/images';
import type { Ranks } from '../../src/network/layers';
import { applyPatch, type Patch } from '../../src/network/patch';
import { rewriteNetwork } from '../../src/network/rewrite';
import type { RefittedRank } from '../protocol/repair';

/** A network that was opened, with the factors that were computed or accepted so far. */
export interface OpenNetwork {
  readonly network: Network;
  readonly factors: Map<string, LayerFactors>;
  /** For the truncated network, by the key of their repair. */
  readonly repairs: Map<string, Patch>;
  /** Layers re-fitted one at a time, by the key of their fit, the layer and the rank. */
  readonly fits: Map<string, Patch>;
}

/** What one thread holds: networks and images by fingerprint. */
export class Session {
  private readonly networks = new Map<string, OpenNetwork>();
  private readonly images = new Map<string, ImageSet>();

  addNetwork(fingerprint: string, network: Network): void {
    if (!this.networks.has(fingerprint))
      this.networks.set(fingerprint, { network, factors: new Map(), repairs: new Map(), fits: new Map() });
  }

  addImages(fingerprint: string, images: ImageSet): void {
    this.images.set(fingerprint, images);
  }

  /** @throws FailureError `invalid-request` where this thread has not opened it */
  openNetwork(fingerprint: string): OpenNetwork {
    return (
      this.networks.get(fingerprint) ??
      fail('invalid-request', 'The network is no longer open; open it again.')
    );
  }

  /** @throws FailureError `invalid-request` where this thread has not opened them */
  openImages(fingerprint: string): ImageSet {
    return (
      this.images.get(fingerprint) ??
      fail('invalid-request', 'The images are no longer open; open them again.')
    );
  }

  /** Factors of a layer of this network. @throws FailureError `invalid-request` where it is not factorised yet */
  factorsOf(fingerprint: string, layer: string): LayerFactors {
    return (
      this.openNetwork(fingerprint).factors.get(layer) ??
      fail('invalid-request', `${layer}: not factorised yet; wait for its curve.`)
    );
  }

  /** Keeps fits of single layers. @throws FailureError `invalid-request` where this thread has not opened it */
  addFits(fingerprint: string, key: string, fits: readonly RefittedRank[]): void {
    const { fits: known } = this.openNetwork(fingerprint);
    for (const { layer, rank, patch } of fits) known.set(fitName(key, layer, rank), patch);
  }

  /** The network with one layer cut: re-fitted where there is such a fit, else truncated. */
  withOneCut(fingerprint: string, layer: string, rank: number, fits: string | null): Network {
    const truncated = this.rewritten(fingerprint, { [layer]: rank });
    const { fits: known } = this.openNetwork(fingerprint);
    const patch = fits === null ? undefined : known.get(fitName(fits, layer, rank));
    return patch ? applyPatch(truncated, patch) : truncated;
  }

  /** The network with these ranks, repaired where a repair is named; the original where nothing is cut. */
  rewritten(fingerprint: string, ranks: Ranks, repair: string | null = null): Network {
    const { network, repairs } = this.openNetwork(fingerprint);
    const isCut = Object.values(ranks).some((rank) => rank !== null);
    if (!isCut) return network;
    const truncated = rewriteNetwork(network, ranks, (layer) => this.factorsOf(fingerprint, layer));
    if (repair === null) return truncated;
    const patch =
      repairs.get(repair) ?? fail('invalid-request', 'That repair is no longer known; repair again.');
    return applyPatch(truncated, patch);
  }
}

function fitName(key: string, layer: string, rank: number): string {
  return `${key}|${layer}|${rank}`;
}
