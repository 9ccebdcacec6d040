import { drawnIndices, type DrawnImages } from '../../src/compression/draw';
import { isOriginal, ranksOf, recipeKey, type Recipe } from '../../src/compression/recipe';
import { checkImagesFit } from '../../src/formats/datasets/fit';
import { requireReach, type LayerFactors } from '../../src/network/factors';
import { fail } from '../../src/network/failure';
import type { Network } from '../../src/network/graph';
import type { ImageSet } from '../../src/network/images';
import type { Factorisation } from '../../src/network/layers';
import { classCount } from '../../src/network/outputs';
import { applyPatch, emptyPatch, type Patch } from '../../src/network/patch';
import { rewriteNetwork } from '../../src/network/rewrite';
import type { Artefact, ArtefactName } from '../protocol/artefacts';
import type { ImageSelection } from '../protocol/selection';
import { ExecutorCache } from './executorCache';
import type { LoadLiteRt } from './liteRt';
import type { SelectedImages } from './selectedImages';
import { ownValue } from '../../src/network/ownValue';

/** A network with what was made of it so far. */
interface HeldNetwork {
  readonly network: Network;
  /** By `splitKey`. */
  readonly factors: Map<string, LayerFactors>;
  /** By `recipeKey`. */
  readonly patches: Map<string, Patch>;
}

/** Names the factors of a layer that is split in one way. */
const splitKey = (layer: string, factorisation: Factorisation) => `${factorisation} ${layer}`;

/** What one thread holds: networks and images by fingerprint, factors, patches and compiled networks. */
export class ThreadContext {
  /** Compiled networks by `recipeKey`: the chunks of an evaluation reach a thread one after the other. */
  readonly executors = new ExecutorCache(2);
  private readonly networks = new Map<string, HeldNetwork>();
  private readonly imageSets = new Map<string, ImageSet>();

  /** @param loadLiteRt where LiteRT can be loaded from; null where it cannot */
  constructor(readonly loadLiteRt: LoadLiteRt | null = null) {}

  /** Takes an artefact in. @throws FailureError `invalid-request` where it belongs to a network that is not there */
  put(artefact: Artefact): void {
    const { kind } = artefact;
    switch (kind) {
      case 'network':
        return this.putNetwork(artefact.fingerprint, artefact.network);
      case 'images':
        return this.putImages(artefact);
      case 'factors': {
        const { factors } = this.held(artefact.network);
        for (const factor of artefact.factors)
          factors.set(splitKey(factor.layer, factor.factorisation), factor);
        return;
      }
      case 'patches': {
        const { patches } = this.held(artefact.network);
        for (const { key, patch } of artefact.patches) patches.set(key, patch);
        return;
      }
    }
  }

  /** Lets go of an artefact, and of all that belongs to it; what is not there is ignored. */
  release(artefact: ArtefactName): void {
    const { kind } = artefact;
    switch (kind) {
      case 'network':
        this.networks.delete(artefact.fingerprint);
        return;
      case 'images':
        for (const name of artefact.names) this.imageSets.delete(name);
        return;
      case 'patches': {
        const patches = this.networks.get(artefact.network)?.patches;
        for (const key of artefact.keys) patches?.delete(key);
        return;
      }
    }
  }

  /**
   * The network that a recipe states: the original, its layers as they were chosen, then what the last step made.
   *
   * @throws FailureError `invalid-request` where something that it needs is not there
   */
  network(recipe: Recipe): Network {
    const { network } = this.held(recipe.network);
    if (isOriginal(recipe)) return network;
    const cut = rewriteNetwork(network, ranksOf(recipe), (layer) => this.chosenFactors(recipe, layer));
    return applyPatch(cut, this.patch(recipe));
  }

  /**
   * What a recipe's steps have made of the network whose layers are cut.
   *
   * @throws FailureError `step-unknown` where the last of them was not taken, or what it made was let go
   */
  patch(recipe: Recipe): Patch {
    if (recipe.steps.length === 0 || isOriginal(recipe)) return emptyPatch;
    return (
      this.held(recipe.network).patches.get(recipeKey(recipe)) ??
      fail('step-unknown', 'That repair is no longer known; repair again.')
    );
  }

  /** The uncut network. @throws FailureError `invalid-request` where it is not there */
  original(fingerprint: string): Network {
    return this.held(fingerprint).network;
  }

  /** @throws FailureError `invalid-request` where they are not there */
  images(fingerprint: string): ImageSet {
    return (
      this.imageSets.get(fingerprint) ??
      fail('invalid-request', 'The images are no longer open; open them again.')
    );
  }

  /**
   * Factors of a layer, split as asked.
   *
   * @throws FailureError `invalid-request` where it is not factorised so
   */
  factors(network: string, layer: string, factorisation: Factorisation): LayerFactors {
    return (
      this.knownFactors(network, layer, factorisation) ??
      fail(
        'invalid-request',
        `${layer}: expected its ${factorisation} factors, found none; factorise it first.`,
      )
    );
  }

  /** Factors of a layer that is split so; undefined where it was not. */
  knownFactors(network: string, layer: string, factorisation: Factorisation): LayerFactors | undefined {
    return this.held(network).factors.get(splitKey(layer, factorisation));
  }

  /** What a recipe's last step made, by `recipeKey`; undefined where it is not known. */
  knownPatch(network: string, key: string): Patch | undefined {
    return this.held(network).patches.get(key);
  }

  /**
   * Factors of a layer as a recipe chooses them.
   *
   * @throws FailureError as {@link factors}, and `rank-not-reached` where they are of an estimate
   */
  chosenFactors(recipe: Recipe, layer: string): LayerFactors {
    const choice = ownValue(recipe.layers, layer);
    if (choice?.kind === 'low-rank') {
      const factors = this.factors(recipe.network, layer, choice.factorisation);
      requireReach(factors, choice.rank);
      return factors;
    }
    throw new Error(`threadContext: expected a choice of low rank for ${layer}, got ${choice?.kind}`);
  }

  /** A selection with its pixels. @throws FailureError where the images are not there or do not fit the network */
  selected(network: string, { images, indices, preprocessing }: ImageSelection): SelectedImages {
    const set = this.images(images);
    const graph = this.original(network);
    checkImagesFit(set, graph.input.shape, classCount(graph));
    return { images: set, indices, preprocessing };
  }

  /** A step's images with their pixels. @throws FailureError as {@link selected} */
  drawn(network: string, { images, draw, preprocessing }: DrawnImages): SelectedImages {
    const indices = drawnIndices(draw, this.images(images).count);
    return this.selected(network, { images, indices, preprocessing });
  }

  /** The pixels are shared by all ways to read the labels. */
  private putImages({ fingerprint, images, readings = [] }: Extract<Artefact, { kind: 'images' }>): void {
    for (const { fingerprint: own, labels, classNames, matching } of readings)
      this.imageSets.set(own, { ...images, labels, classNames, matching });
    this.imageSets.set(fingerprint, images);
  }

  private putNetwork(fingerprint: string, network: Network): void {
    if (this.networks.has(fingerprint)) return;
    this.networks.set(fingerprint, { network, factors: new Map(), patches: new Map() });
  }

  private held(fingerprint: string): HeldNetwork {
    return (
      this.networks.get(fingerprint) ??
      fail('invalid-request', 'The network is no longer open; open it again.')
    );
  }
}
