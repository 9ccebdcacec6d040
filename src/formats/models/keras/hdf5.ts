import type { Dataset, Entity, ExternalLink, File, Group } from 'h5wasm';
import { FailureError, fail } from '../../../network/failure';
import { loadPart } from '../../../network/parts';
import { sizeOf } from '../../../network/shapes';
import type { NamedFile } from '../../file';
import { fromBfloat16, fromFloat16 } from '../../shortFloats';
import type { Tensor } from '../../../network/graph';
import type { StoredTensor } from '../layers/weights';
import { placeholderOf, sayHalves, type HalfNumbers } from './halves';

/** What a file holds, read whole: nothing points into the library any more. */
export interface Hdf5Content {
  /** Attributes by the path of their group; the root's path is empty. Texts and lists of texts only. */
  readonly attributes: ReadonlyMap<string, Readonly<Record<string, string | readonly string[]>>>;
  /** Data sets of numbers by path. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** A group to be written: its attributes, data sets and groups. */
export interface Hdf5Group {
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  readonly tensors?: Readonly<Record<string, Tensor>>;
  readonly groups?: Readonly<Record<string, Hdf5Group>>;
}

/** Most numbers (2^28 of them are 1 GiB) and most objects that one file may hold. */
const maxNumbers = 2 ** 28;
const maxObjects = 100_000;
let filesOpened = 0;

/** The library: 4.8 MB, so it comes only with the first file that needs it. */
async function library() {
  const hdf5 = await loadPart('the reader of HDF5 files', () => import('h5wasm'));
  const module = await hdf5.ready;
  // Its errors are to be thrown, not printed.
  module.activate_throwing_error_handler();
  const { FS } = hdf5;
  if (!FS) throw new Error('h5wasm has no file system after it is ready');
  return { File: hdf5.File, FS, module };
}

type Library = Awaited<ReturnType<typeof library>>;

/**
 * Reads an HDF5 file; every size is checked before anything is read.
 *
 * @param wanted paths of data sets that are read; others are passed over
 * @throws FailureError `unreadable-file` where the file is damaged, too large, or refers to other files
 */
export async function readHdf5(file: NamedFile, wanted: (path: string) => boolean): Promise<Hdf5Content> {
  const { File, FS, module } = await library();
  const path = `/read-${++filesOpened}.h5`;
  FS.writeFile(path, file.bytes);
  let open: File | null = null;
  try {
    open = new File(path, 'r');
    return contentOf(open, wanted, module);
  } catch (error) {
    if (error instanceof FailureError) throw error;
    const advice = 'the file seems to be cut off or damaged; copy or export it again';
    return fail(
      'unreadable-file',
      `${file.name}: expected an HDF5 file, found none that can be read; ${advice}.`,
    );
  } finally {
    closeQuietly(open);
    FS.unlink(path);
  }
}

/** A damaged file may not even close; what it was worth saying has been said. */
function closeQuietly(file: File | null): void {
  try {
    file?.close();
  } catch {
    // Nothing of it is used again.
  }
}

function contentOf(file: File, wanted: (path: string) => boolean, module: Library['module']): Hdf5Content {
  const paths = file.paths();
  if (paths.length > maxObjects)
    fail(
      'unreadable-file',
      `expected at most ${maxObjects} objects in an HDF5 file, found ${paths.length}; save the network alone.`,
    );
  const attributes = new Map([['', textAttributes(file)]]);
  const tensors = new Map<string, StoredTensor>();
  let numbers = 0;
  for (const path of paths) {
    const entity = file.get(path);
    if (isElsewhere(entity) && wanted(path)) failElsewhere(path, entity.filename);
    if (isGroup(entity)) attributes.set(path, textAttributes(entity));
    if (!isDataset(entity) || !wanted(path)) continue;
    requireOwnData(entity, path);
    const shape = entity.shape ?? [];
    numbers += sizeOf(shape);
    if (!(numbers <= maxNumbers))
      fail(
        'unreadable-file',
        `expected at most ${maxNumbers} numbers in an HDF5 file, found more; save the network alone.`,
      );
    tensors.set(path, { shape: shape.map(Number), ...storedNumbers(entity, path, module) });
  }
  return { attributes, tensors };
}

/** Numbers that lie in another file would be read as zeros without it. */
function requireOwnData({ metadata }: Dataset, path: string): void {
  const [source] = metadata.virtual_sources ?? [];
  if (source) failElsewhere(path, source.file_name);
}

function failElsewhere(path: string, name: string): never {
  return fail(
    'unreadable-file',
    `"${path}": expected numbers in this file, found them in another one, "${name.slice(0, 80)}"; save the network in one HDF5 file.`,
  );
}

function isElsewhere(entity: Entity | null): entity is ExternalLink {
  return entity !== null && 'filename' in entity && 'obj_path' in entity;
}

function isGroup(entity: Entity | null): entity is Group {
  return entity !== null && 'type' in entity && String(entity.type) === 'Group';
}

function isDataset(entity: Entity | null): entity is Dataset {
  return entity !== null && 'type' in entity && String(entity.type) === 'Dataset';
}

function textAttributes(group: Group): Readonly<Record<string, string | readonly string[]>> {
  const texts = Object.entries(group.attrs).flatMap(([name, attribute]) => {
    const value: unknown = attribute.value;
    const isText =
      typeof value === 'string' || (Array.isArray(value) && value.every((part) => typeof part === 'string'));
    return isText ? [[name, value as string | string[]] as const] : [];
  });
  return Object.fromEntries(texts);
}

/**
 * Reads a data set now; what cannot be a weight (whole numbers such as those of random generators, or of weights
 * in fewer bits, whose scales are kept elsewhere) fails only where a layer asks for it.
 */
function storedNumbers(
  dataset: Dataset,
  path: string,
  module: Library['module'],
): Pick<StoredTensor, 'read' | 'form'> {
  try {
    const short = shortFloatsOf(dataset, module);
    if (short) return short;
    const data = numbersOf(dataset, path);
    return { read: () => data };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return {
      read: () => {
        throw error;
      },
    };
  }
}

/** HDF5's classes of types. */
const [floatingPoint, opaque] = [1, 5];

/**
 * Numbers of two bytes, null where the data set holds others. The library has no array for float16, so the bytes are
 * fetched behind its back; Keras writes bfloat16, which HDF5 does not know, as opaque bytes with a note beside them.
 */
function shortFloatsOf(
  dataset: Dataset,
  module: Library['module'],
): Pick<StoredTensor, 'read' | 'form'> | null {
  const { type, size, vlen } = dataset.metadata;
  if (vlen || size !== 2) return null;
  if (type === floatingPoint) {
    const bytes = storedBytes(dataset, module);
    const stored = () => ({ type: 'float16', values: new Uint16Array(bytes.slice().buffer) }) as const;
    return { read: () => fromFloat16(bytes), form: { axis: null, stored } };
  }
  if (type !== opaque || dataset.attrs['dtype']?.value !== 'bfloat16') return null;
  const bytes = storedBytes(dataset, module);
  return { read: () => fromBfloat16(bytes) };
}

/** The bytes of a data set of numbers, little-endian whatever the file's order is. */
function storedBytes({ file_id, path, metadata }: Dataset, module: Library['module']): Uint8Array {
  const length = metadata.size * metadata.total_size;
  const address = module._malloc(length);
  try {
    module.get_dataset_data(file_id, path, null, null, null, BigInt(address));
    return module.HEAPU8.slice(address, address + length);
  } finally {
    module._free(address);
  }
}

/** Numbers of a data set as float32, in the order of their indices. */
function numbersOf(dataset: Dataset, path: string): Float32Array {
  const { type, size, vlen } = dataset.metadata;
  const isFloating = !vlen && type === floatingPoint && size >= 4;
  const number = { 0: 'whole', 1: 'floating-point' }[type];
  if (!isFloating)
    fail(
      'unreadable-file',
      `"${path}": expected numbers in float32, float64, float16 or bfloat16, found ${
        number ? `${8 * size}-bit ${number} numbers` : 'something else'
      }; save the network in float32.`,
    );
  const { value } = dataset;
  if (value instanceof Float32Array) return value.slice();
  if (ArrayBuffer.isView(value))
    return Float32Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  return typeof value === 'number' ? Float32Array.of(value) : new Float32Array(0);
}

/** Writes an HDF5 file; the same content gives the same bytes, whenever it is written. */
export async function writeHdf5(root: Hdf5Group): Promise<Uint8Array> {
  const { File, FS } = await library();
  const path = `/write-${++filesOpened}.h5`;
  const halves: HalfNumbers[] = [];
  atNoTime(() => {
    const file = new File(path, 'w');
    try {
      fill(file, root, halves);
    } finally {
      file.close();
    }
  });
  const bytes = FS.readFile(path);
  FS.unlink(path);
  if (halves.length > 0) sayHalves(bytes, halves);
  return bytes;
}

/**
 * Runs something with the clock at its beginning. HDF5 writes the time into every object, and the library has no
 * switch for that; it asks the clock while it is called, and nothing else can meanwhile.
 */
function atNoTime(write: () => void): void {
  const { now } = Date;
  Date.now = () => 0;
  try {
    write();
  } finally {
    Date.now = now;
  }
}

/** @param halves is told of numbers of two bytes, for which placeholders are written */
function fill(
  group: Group,
  { attributes = {}, tensors = {}, groups = {} }: Hdf5Group,
  halves: HalfNumbers[],
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') group.create_attribute(name, value);
    else if (value.length > 0) group.create_attribute(name, [...value]);
    else group.create_attribute(name, [], [0], 'S1');
  }
  for (const [name, { shape, data, stored }] of Object.entries(tensors)) {
    if (stored?.type === 'float16') {
      const numbers = { shape, values: stored.values };
      halves.push(numbers);
      group.create_dataset({ name, ...placeholderOf(numbers) });
    } else group.create_dataset({ name, data, shape: [...shape] });
  }
  for (const [name, inner] of Object.entries(groups)) fill(group.create_group(name), inner, halves);
}
