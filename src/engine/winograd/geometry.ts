import type { Padding } from '../../network/graph';
import { tileOutputs, tileSide } from './tile';

/** What a 3×3 convolution of stride 1 reads and writes, per image. */
export interface WindowShape {
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly padding: Padding;
}

/** How the tiles of an image lie in memory; all sizes in bytes. */
export interface Geometry extends WindowShape {
  readonly outputHeight: number;
  readonly outputWidth: number;
  /** Rows of tiles, and tiles in each. */
  readonly strips: number;
  readonly tilesPerStrip: number;
  /** Tiles that are multiplied together. */
  readonly tiles: number;
  readonly stripsTogether: number;
  /** Extents of the padded image that the tiles are cut from. */
  readonly paddedHeight: number;
  readonly paddedWidth: number;
  readonly paddedBytes: number;
  /** From one of the 36 planes of transformed inputs to the next, and of products. */
  readonly inputPlane: number;
  readonly outputPlane: number;
  /** A strip of outputs with all of its tiles whole. */
  readonly stripBytes: number;
  /** Whether tiles stick out over the right or the lower edge. */
  readonly ragged: boolean;
}

/** Planes of transformed values. */
export const planes = tileSide * tileSide;
/** Rows of the matrix product's block. */
export const tilesPerBlock = 4;
/** Tiles that pay for reading a plane of the kernel. */
const minTiles = 16;
/** Between planes, so that equal places of the planes do not fall on the same lines of the cache. */
const gap = 64;

const float = 4;

export function geometryOf(shape: WindowShape): Geometry {
  const { height, width, inputs, outputs, padding } = shape;
  const outputHeight = height + padding.top + padding.bottom - 2;
  const outputWidth = width + padding.left + padding.right - 2;
  const strips = Math.ceil(outputHeight / tileOutputs);
  const tilesPerStrip = Math.ceil(outputWidth / tileOutputs);
  const stripsTogether = Math.max(1, Math.ceil(minTiles / tilesPerStrip));
  const tiles = Math.ceil((stripsTogether * tilesPerStrip) / tilesPerBlock) * tilesPerBlock;
  const paddedHeight = strips * tileOutputs + 2;
  const paddedWidth = tilesPerStrip * tileOutputs + 2;
  return {
    ...shape,
    outputHeight,
    outputWidth,
    strips,
    tilesPerStrip,
    tiles,
    stripsTogether,
    paddedHeight,
    paddedWidth,
    paddedBytes: paddedHeight * paddedWidth * inputs * float,
    inputPlane: tiles * inputs * float + gap,
    outputPlane: tiles * outputs * float + gap,
    stripBytes: tileOutputs * tilesPerStrip * tileOutputs * outputs * float,
    ragged: outputHeight % tileOutputs !== 0 || outputWidth % tileOutputs !== 0,
  };
}
