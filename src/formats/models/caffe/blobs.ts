import type { BlobMessage } from './schema';

/** Weights of a layer: extents as Caffe lays them out, outputs first. */
export interface Blob {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A blob of a file; older files state four extents, ones in front, instead of a shape. */
export function blobOf({ shape, num, channels, height, width, ...rest }: BlobMessage): Blob {
  const data = rest.data.length > 0 ? rest.data : Float32Array.from(rest.double_data);
  const dims = shape ? shape.dim : [num ?? 0, channels ?? 0, height ?? 0, width ?? 0];
  return { dims, data };
}
