import { fail } from '../../../network/failure';
import { fromFloat16 } from '../../shortFloats';
import type { BlobMessage } from './schema';

/** Weights of a layer: extents as Caffe lays them out, outputs first. */
export interface Blob {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A blob of a file; older files state four extents, ones in front, instead of a shape. */
export function blobOf(blob: BlobMessage): Blob {
  const { shape, num, channels, height, width } = blob;
  const dims = shape ? shape.dim : [num ?? 0, channels ?? 0, height ?? 0, width ?? 0];
  return { dims, data: dataOf(blob) };
}

/** How NVCaffe numbers the types of raw data: double, float, float16. */
const rawReaders: readonly ((bytes: Uint8Array) => Float32Array)[] = [
  (bytes) => Float32Array.from(new Float64Array(aligned(bytes, 8))),
  (bytes) => new Float32Array(aligned(bytes, 4)),
  fromFloat16,
];

/** A copy of whole numbers of that width: bytes may begin anywhere, and typed arrays want multiples of it. */
function aligned(bytes: Uint8Array, width: number): ArrayBuffer {
  return bytes.slice(0, bytes.length - (bytes.length % width)).buffer as ArrayBuffer;
}

function dataOf({ data, double_data, raw_data: raw, raw_data_type: type = -1 }: BlobMessage): Float32Array {
  if (data.length > 0) return data;
  if (!raw || raw.length === 0) return Float32Array.from(double_data);
  const read = rawReaders[type];
  if (read) return read(raw);
  const found = `raw data of the type ${type}`;
  return fail(
    'unreadable-file',
    `expected weights in double, float or float16, found ${found}; save the network in float.`,
  );
}
