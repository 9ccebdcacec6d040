import type { Extent, Padding } from '../../network/graph';
import type { WasmFunction } from '../../linalg/wasm/assembler';

/** Lines of outputs that are computed together; Winograd's tiles are as high. */
export const stripLines = 4;

/** What a convolution is made for; the height of the images does not matter. */
export interface Shape {
  readonly kernel: Extent;
  readonly stride: Extent;
  readonly dilation: Extent;
  readonly padding: Padding;
  readonly groups: number;
  /** Extent of a line of inputs, padding left out. */
  readonly width: number;
  /** Values of a pixel of the inputs as they lie in memory, all groups together. */
  readonly inputs: number;
  /** Channels of a group of the inputs; a pixel may have room for more. */
  readonly depth: number;
  /** Values of a pixel of the outputs as they lie in memory, all groups together. */
  readonly outputs: number;
  /** Values of a pixel of the outputs that are computed; a multiple of 4 in every group. */
  readonly channels: number;
}

/** Pixels of a line of outputs. */
export function outputWidthOf({ kernel, stride, dilation, padding, width }: Shape): number {
  const span = (kernel.width - 1) * dilation.width + 1;
  return Math.floor((width + padding.left + padding.right - span) / stride.width) + 1;
}

/**
 * Where the lines of a strip's values lie: addresses in bytes, of line `y` counted from the strip's first. What lies
 * outside of the image is a line of zeros where it is read, a line that nobody reads where it is written.
 */
export type Lines = (strip: number, y: number) => number;

/** The lines that a stage reads for each strip of its outputs. */
export interface Reads {
  /** How many. */
  readonly lines: number;
  /** From the first line of a strip to the first of the next. */
  readonly step: number;
  /** Lines above the image that the first strip begins with. */
  readonly above: number;
  /** Bytes of a line, margins included, and of its left margin. */
  readonly lineBytes: number;
  readonly margin: number;
  /** Whether the lines must lie one behind the other. */
  readonly together: boolean;
}

/** Where a stage finds and puts everything; addresses in bytes. */
export interface Job {
  readonly from: Lines;
  readonly to: Lines;
  /** null where nothing is added. */
  readonly adding: Lines | null;
  /** Lines of a strip that the image has. */
  readonly linesOf: (strip: number) => number;
  readonly weights: number;
  readonly bias: number;
  /** Working memory of {@link Stage.roomBytes}. */
  readonly room: number;
}

/** Functions of a compiled stage; they take addresses and counts. */
export type Program = Readonly<Record<string, (...values: readonly number[]) => void>>;

/** A convolution as code that goes through images strip by strip. */
export interface Stage {
  /** Says what the functions depend on: stages with equal keys share their code, whatever their depth and channels. */
  readonly key: string;
  readonly functions: () => readonly WasmFunction[];
  readonly reads: Reads;
  /** Bytes of a line of outputs. */
  readonly outputBytes: number;
  /** Working memory in bytes. */
  readonly roomBytes: number;
  /** Computes the strips from `first` up to `last`, not more than it was made for. */
  run(program: Program, job: Job, first: number, last: number): void;
}
