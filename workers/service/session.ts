import type { LayerFactors } from '../../src/network/factors';
import { fail } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { ImageSet } from '../../src/network/images';
import type { Ranks } from '../../src/network/layers';
import { rewriteNetwork } from '../../src/network/rewrite';

/** A network that was opened, with the factors that were computed or accepted so far. */
export interface OpenNetwork {
  readonly network: Network;
  readonly factors: Map<string, LayerFactors>;
}

/** What one thread holds: networks and images by fingerprint. */
export class Session {
  private readonly networks = new Map<string, OpenNetwork>();
  private readonly images = new Map<string, ImageSet>();

  addNetwork(fingerprint: string, network: Network): void {
    if (!this.networks.has(fingerprint)) this.networks.set(fingerprint, { network, factors: new Map() });
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

  /** The network with these ranks; the original itself where nothing is cut. */
  rewritten(fingerprint: string, ranks: Ranks): Network {
    const { network, factors } = this.openNetwork(fingerprint);
    const isCut = Object.values(ranks).some((rank) => rank !== null);
    if (!isCut) return network;
    return rewriteNetwork(
      network,
      ranks,
      (layer) =>
        factors.get(layer) ?? fail('invalid-request', `${layer}: not factorised yet; wait for its curve.`),
    );
  }
}
