/** How a kernel is split into two factors (see README, "How it works"). */
export type Factorisation = 'spatial' | 'channel' | 'dense';

/** A rank per cut layer; a layer that is absent or null is kept as it is. */
export type Ranks = Readonly<Record<string, number | null>>;

/** What the studio knows about one convolution or dense layer before any factorisation. */
export interface LayerDescription {
  /** Name of the node in the network. */
  readonly name: string;
  readonly kind: 'conv2d' | 'dense';
  /** For a person: "3×3, 16 → 32, stride 2" or "64 → 10". */
  readonly shape: string;
  /** Multiply-accumulates of the layer on one image. */
  readonly macs: number;
  /** Weights and biases; those that an earlier layer uses, too, count there. */
  readonly parameters: number;
  /** Name of the first layer that uses the same kernel; absent where there is none before this one. */
  readonly kernelOf?: string;
  readonly factorisation: Factorisation;
  /** MACs that each rank costs. */
  readonly macsPerRank: number;
  /** Weights that each rank costs; the bias is extra and unchanged. */
  readonly parametersPerRank: number;
  readonly biasParameters: number;
  /** Largest rank at which the factors cost no more MACs than the layer; 0 where there is none. */
  readonly rankMax: number;
  /** Rank at which the factors reproduce the layer: the lesser side of the unfolded kernel. */
  readonly rankFull: number;
  /** Present where the layer is so large that its curve is estimated, and its factors reach few ranks at first. */
  readonly isEstimated?: true;
  /** Why the layer cannot be factorised (a sentence), or null. */
  readonly kept: string | null;
  /** Why the layer is kept unless a person includes it (a sentence), or null. */
  readonly keptByDefault: string | null;
}
