import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalText } from './canonical';
import { contentDigest } from './contentDigest';
import type { Network } from './graph';
import type { ImageSet } from './images';

/**
 * Identifies what a network computes and how its layers are called: 32 hexadecimal digits of the SHA-256 of
 * its structure and of its weights' content digests.
 *
 * Operators, weights, node names (plans are keyed by them), wiring, node order and which output holds the class
 * scores count. Names of values, of
 * the network and of the file, metadata and the source format do not: a file read back from a copy that renamed
 * its values has the same fingerprint. Weights are hashed as they lie in memory (little-endian everywhere that
 * WebAssembly runs), once per array: a rewritten network costs only its new factors.
 */
export function fingerprintNetwork(network: Network): string {
  const numberOf = valueNumbers(network);
  const wiring = (value: string) => numberOf.get(value) ?? value;
  return textDigest(
    digestedText({
      input: network.input.shape,
      nodes: network.nodes.map(({ name, inputs, operator }) => ({
        name,
        inputs: inputs.map(wiring),
        operator,
      })),
      outputs: network.outputs.map(wiring),
      ...(network.scoresAt ? { scoresAt: network.scoresAt } : {}),
    }),
  );
}

/** Identifies images by size, pixels and labels; names of files and classes do not count. */
export function fingerprintImages(images: ImageSet): string {
  const { count, height, width, channels, pixels, labels } = images;
  return textDigest(digestedText({ count, height, width, channels, pixels, labels }));
}

/** Numbers values by the place where they are written, so that their names do not matter. */
function valueNumbers(network: Network): ReadonlyMap<string, number> {
  const written = [network.input.name, ...network.nodes.map(({ output }) => output)];
  return new Map(written.map((value, index) => [value, index]));
}

/** Canonical JSON in which arrays of numbers stand as their digests. */
function digestedText(value: unknown): string {
  return canonicalText(value, (part) => (ArrayBuffer.isView(part) ? digestOf(part) : undefined));
}

/** Weights and pixels are never written to once they are in a graph, so their digests can be kept. */
const digests = new WeakMap<ArrayBufferView, string>();

function digestOf(values: ArrayBufferView): string {
  const known = digests.get(values);
  if (known !== undefined) return known;
  const digest = contentDigest(values);
  digests.set(values, digest);
  return digest;
}

const hexDigits = 32;

/** The first 32 hexadecimal digits of a text's SHA-256. */
function textDigest(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, hexDigits);
}
