import { runKind, type RunSpec } from './kinds';

/** Pixels of some images as they were read: NHWC bytes. */
export interface ThumbnailsSpec extends RunSpec {
  readonly task: { readonly images: string; readonly indices: Uint32Array };
  readonly event: never;
  readonly result: Uint8Array;
}

export const thumbnailsKind = runKind<ThumbnailsSpec>('thumbnails', 'immediate');
