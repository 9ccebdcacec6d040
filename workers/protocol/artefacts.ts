import { canonicalText } from '../../src/network/canonical';
import type { LayerFactors } from '../../src/network/factors';
import type { Network } from '../../src/network/graph';
import type { ImageSet } from '../../src/network/images';
import type { Patch } from '../../src/network/patch';
import type { NamedLabelling } from './summaries';

/** What a recipe's last step made. */
export interface NamedPatch {
  /** `recipeKey` of the recipe. */
  readonly key: string;
  /** Empty where the step left everything as it was. */
  readonly patch: Patch;
}

/** Something that threads hold to compute with, made or read once and then put to every thread. */
export type Artefact =
  | { readonly kind: 'network'; readonly fingerprint: string; readonly network: Network }
  /** @property readings ways to read the labels, each under the name that the images have with it */
  | {
      readonly kind: 'images';
      readonly fingerprint: string;
      readonly images: ImageSet;
      readonly readings?: readonly NamedLabelling[];
    }
  /** @property network fingerprint of the network whose layers these are */
  | { readonly kind: 'factors'; readonly network: string; readonly factors: readonly LayerFactors[] }
  /**
   * @property network fingerprint of the network that these belong to
   * @property isRepeatable whether they can be made again, so that the oldest may be let go of
   */
  | {
      readonly kind: 'patches';
      readonly network: string;
      readonly patches: readonly NamedPatch[];
      readonly isRepeatable?: boolean;
    };

/** What is enough to let go of an artefact. What belongs to a network goes with it. */
export type ArtefactName =
  | { readonly kind: 'network'; readonly fingerprint: string }
  | { readonly kind: 'images'; readonly names: readonly string[] }
  | { readonly kind: 'patches'; readonly network: string; readonly keys: readonly string[] };

/** The name of an artefact; null of one that goes with its network alone. */
export function artefactName(artefact: Artefact): ArtefactName | null {
  const { kind } = artefact;
  switch (kind) {
    case 'network':
      return { kind, fingerprint: artefact.fingerprint };
    case 'images':
      return { kind, names: namesOfImages(artefact) };
    case 'patches':
      return { kind, network: artefact.network, keys: artefact.patches.map(({ key }) => key) };
    case 'factors':
      return null;
  }
}

/** Names an artefact; a later one of the same name takes its place. */
export function artefactKey(artefact: Artefact): string {
  const { kind } = artefact;
  switch (kind) {
    case 'network':
    case 'images':
      return canonicalText([kind, artefact.fingerprint]);
    case 'factors':
      return canonicalText([
        kind,
        artefact.network,
        artefact.factors.map(({ layer, factorisation }) => [layer, factorisation]),
      ]);
    case 'patches':
      return canonicalText([kind, artefact.network, artefact.patches.map(({ key }) => key)]);
  }
}

/** Whether an artefact is, or belongs to, one of some networks and images. */
export function isOf(artefact: Artefact, fingerprints: ReadonlySet<string>): boolean {
  const { kind } = artefact;
  switch (kind) {
    case 'network':
      return fingerprints.has(artefact.fingerprint);
    case 'images':
      return namesOfImages(artefact).some((name) => fingerprints.has(name));
    case 'factors':
    case 'patches':
      return fingerprints.has(artefact.network);
  }
}

/** The names of images: one for every way to read their labels. */
export function namesOfImages({
  fingerprint,
  readings = [],
}: Extract<Artefact, { kind: 'images' }>): readonly string[] {
  return [fingerprint, ...readings.map((reading) => reading.fingerprint)];
}
