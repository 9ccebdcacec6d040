import type { Picture } from '../resize';

/** Decoders that are WebAssembly. */
export type Codec = 'jpeg' | 'png' | 'webp';

/** Where the WebAssembly of a decoder comes from: fetched in a page, read from the disk in Node. */
export type CodecSource = (codec: Codec) => Promise<BufferSource>;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What a decoder gives: the first frame where there are several. */
export interface DecodedPicture extends Picture {
  /** Pictures that the file holds, one unless it says. */
  readonly frames?: number;
}

export type Decode = (bytes: Uint8Array) => DecodedPicture | Promise<DecodedPicture>;

/** A file format of single pictures. Everything but `start` is told without decoding. */
export interface PictureFormat {
  readonly id: string;
  /** Name for a person: "JPEG". */
  readonly title: string;
  /** Whether a file is of this format, by its content. */
  readonly detect: (bytes: Uint8Array) => boolean;
  /**
   * What the header says of the size (before any turn that a camera asks for), so that nothing is decoded that could
   * not be held; null where it makes no sense.
   *
   * @throws RangeError where the header is cut off
   */
  readonly size: (bytes: Uint8Array) => PictureSize | null;
  /**
   * Whether the data ends before the picture does: decoders often fill the rest up without a word.
   *
   * @throws RangeError where it ends in the middle of a number
   */
  readonly endsEarly: (bytes: Uint8Array) => boolean;
  /** What no decoder here reads, and how the file says so: "an image compressed by RLE"; absent or null for none. */
  readonly unsupported?: (bytes: Uint8Array) => string | null;
  /** Gets the decoder ready; it throws where a picture is damaged. */
  readonly start: (source: CodecSource) => Promise<Decode>;
}

/** Reads numbers at places of a file; a place behind its end throws a RangeError. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
