import { fail } from '../../../network/failure';
import { sizeOf } from '../../../network/shapes';
import { baseName, bytesText, stem, type NamedFile } from '../../file';
import { fromFloat16 } from '../../shortFloats';
import { found, isObject, listAt, objectAt, textAt, type JsonObject } from '../layers/json';
import type { StoredForm, StoredTensor } from '../layers/weights';

/** One weight as the manifest describes it. */
interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization: Quantization | null;
}

interface Quantization {
  readonly dtype: string;
  readonly scale: number;
  readonly min: number;
}

/** Bytes of one stored number. */
const widths: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/**
 * The weights of a TF.js model by name: shards are found by the names that the manifest gives, quantised
 * numbers (uint8, uint16, float16) are turned back into float32 when read.
 *
 * @param manifest `weightsManifest` of model.json
 * @throws FailureError `unreadable-file` naming the shard that is missing or has the wrong size
 */
export function readManifest(
  manifest: unknown,
  model: NamedFile,
  files: readonly NamedFile[],
): ReadonlyMap<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  listAt(manifest, 'weightsManifest').forEach((value, index) => {
    const where = `weightsManifest[${index}]`;
    const group = objectAt(value, where);
    const entries = listAt(group['weights'], `${where}.weights`).map((entry, at) =>
      entryOf(entry, `${where}.weights[${at}]`),
    );
    const paths = listAt(group['paths'], `${where}.paths`).map((path) => textAt(path, `${where}.paths`));
    addGroup(tensors, entries, joined(paths, entries, model, files));
  });
  return tensors;
}

function addGroup(tensors: Map<string, StoredTensor>, entries: readonly Entry[], bytes: Uint8Array): void {
  let at = 0;
  for (const entry of entries) {
    const part = bytes.subarray(at, (at += bytesOf(entry)));
    const form = formOf(entry, part);
    const tensor = { shape: entry.shape, read: () => decoded(entry, part) };
    tensors.set(entry.name, form ? { ...tensor, form } : tensor);
  }
}

/** All bytes of a group; they must be as many as its weights need. */
function joined(
  paths: readonly string[],
  entries: readonly Entry[],
  model: NamedFile,
  files: readonly NamedFile[],
): Uint8Array {
  const shards = paths.map((path) => shardOf(path, model, files));
  const expected = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  const length = shards.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (length !== expected) {
    const names = shards.map(({ name }) => baseName(name)).join(', ');
    const together = shards.length > 1 ? ' together' : '';
    const advice = 'copy all files of the network anew';
    fail(
      'unreadable-file',
      `${names}: expected ${bytesText(expected)} of weights${together}, found ${bytesText(length)}; ${advice}.`,
    );
  }
  const bytes = new Uint8Array(expected);
  shards.reduce((at, shard) => {
    bytes.set(shard.bytes, at);
    return at + shard.bytes.length;
  }, 0);
  return bytes;
}

/** The file that a path in the manifest means: by its name, the one beside model.json where there are several. */
function shardOf(path: string, model: NamedFile, files: readonly NamedFile[]): NamedFile {
  const wanted = baseName(path);
  const named = files.filter(({ name }) => baseName(name) === wanted);
  const folder = model.name.slice(0, model.name.length - baseName(model.name).length);
  const shard = named.find(({ name }) => name.startsWith(folder)) ?? named[0];
  if (shard) return shard;
  const advice = 'choose model.json and all files beside it together';
  return fail(
    'unreadable-file',
    `${model.name}: expected its weights in "${wanted}", found no such file; ${advice}.`,
  );
}

function entryOf(value: unknown, where: string): Entry {
  const entry = objectAt(value, where);
  const name = textAt(entry['name'], `${where}.name`);
  const dtype = textAt(entry['dtype'] ?? 'float32', `${where}.dtype`);
  const shape = listAt(entry['shape'], `${where}.shape`);
  if (!shape.every((extent) => Number.isSafeInteger(extent) && (extent as number) >= 0))
    fail(
      'unreadable-file',
      `${where}: expected a shape of whole numbers, found ${found(shape)}; convert it again.`,
    );
  const quantization = isObject(entry['quantization']) ? quantizationOf(entry['quantization'], where) : null;
  const stored = quantization?.dtype ?? dtype;
  if (!Object.hasOwn(widths, stored))
    fail(
      'unreadable-file',
      `weight "${name}": expected numbers (${Object.keys(widths).join(', ')}), found ${stored}; convert it again.`,
    );
  return { name, dtype, shape: shape as number[], quantization };
}

function quantizationOf(value: Readonly<Record<string, unknown>>, where: string): Quantization {
  const { scale = 1, min = 0 } = value;
  const dtype = textAt(value['dtype'], `${where}.quantization.dtype`);
  if (typeof scale === 'number' && typeof min === 'number') return { dtype, scale, min };
  return fail(
    'unreadable-file',
    `${where}: expected a quantization with scale and min, found ${found(value)}; convert it again.`,
  );
}

function bytesOf({ shape, dtype, quantization }: Entry): number {
  return sizeOf(shape) * widths[quantization?.dtype ?? dtype]!;
}

function decoded({ dtype, quantization }: Entry, bytes: Uint8Array): Float32Array {
  const numbers = storedNumbers(quantization?.dtype ?? dtype, bytes);
  if (!quantization || quantization.dtype === 'float16') return numbers;
  const { scale, min } = quantization;
  const values = numbers.map((value) => value * scale + min);
  return dtype === 'int32' ? values.map(Math.round) : values;
}

/** What floats are made of: halves, or levels of which one stands for zero. */
function formOf({ dtype, quantization }: Entry, bytes: Uint8Array): StoredForm | null {
  if (dtype !== 'float32' || !quantization) return null;
  const { dtype: type, scale, min } = quantization;
  // A copy, because a weight may begin anywhere and typed arrays want multiples of their width.
  const shorts = () => new Uint16Array(bytes.slice().buffer);
  if (type === 'float16') return { axis: null, stored: () => ({ type, values: shorts() }) };
  if (type !== 'uint8' && type !== 'uint16') return null;
  const zeroPoint = Math.round(-min / scale);
  const isExact = scale > 0 && Math.fround(scale) === scale && -zeroPoint * scale === min;
  if (!isExact || zeroPoint < 0 || zeroPoint > (type === 'uint8' ? 255 : 65535)) return null;
  const scales = Float32Array.of(scale);
  const values = () => (type === 'uint8' ? bytes.slice() : shorts());
  return { axis: null, stored: () => ({ type, values: values(), scales, zeroPoint }) };
}

function storedNumbers(dtype: string, bytes: Uint8Array): Float32Array {
  // A copy, because a weight may begin anywhere and typed arrays want multiples of their width.
  const { buffer } = bytes.slice();
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer);
    case 'int32':
      return Float32Array.from(new Int32Array(buffer));
    case 'uint16':
      return Float32Array.from(new Uint16Array(buffer));
    case 'float16':
      return fromFloat16(bytes);
    default:
      return Float32Array.from(bytes);
  }
}

/** Base names of the shards that a manifest asks for. */
export function shardNames({ weightsManifest }: JsonObject): readonly string[] {
  const groups = Array.isArray(weightsManifest) ? (weightsManifest as unknown[]) : [];
  const paths = groups.flatMap((group) =>
    isObject(group) && Array.isArray(group['paths']) ? (group['paths'] as unknown[]) : [],
  );
  return paths.flatMap((path) => (typeof path === 'string' ? [baseName(path)] : []));
}

/** The folder's name where the file is called "model" as usual, or else what the model calls itself; else the file's. */
export function modelName({ name }: NamedFile, given = 'model'): string {
  if (stem(name) !== 'model') return stem(name);
  const folder = baseName(name.slice(0, Math.max(0, name.length - baseName(name).length - 1)));
  return folder || given;
}
