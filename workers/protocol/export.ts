import type { Recipe } from '../../src/compression/recipe';
import type { NamedFile } from '../../src/formats/file';
import { runKind, type RunSpec } from './kinds';
import type { ImageSelection } from './selection';

export interface ExportRequest {
  readonly recipe: Recipe;
  /** Id of a writer. */
  readonly format: string;
  /** Whether several files become one zip archive; absent leaves them apart. */
  readonly isPacked?: boolean;
  /** Written into the file's metadata as they are. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Images the read-back comparison runs on; null compares on seeded noise. */
  readonly selection: ImageSelection | null;
}

/** A written file that was read back and compared before it is offered. */
export interface ExportedNetwork {
  readonly files: readonly NamedFile[];
  readonly macs: number;
  readonly parameters: number;
  readonly comparison: {
    readonly images: number;
    /** Largest absolute difference of any score between the file read back and the network in memory. */
    readonly largestDifference: number;
    /** Largest score of the network in memory, without its sign: what the differences are to be seen against. */
    readonly largestScore: number;
    /** What ONNX Runtime says of an ONNX file; null for other formats. */
    readonly runtime: RuntimeVerdict | null;
  };
}

/** A runtime that is not the studio's, and how far its scores are from the network in memory, or why it has none. */
export type RuntimeVerdict =
  | { readonly name: string; readonly images: number; readonly largestDifference: number }
  | { readonly name: string; readonly refusal: string };

/** Writes a network, reads the file back and compares it. */
export interface ExportSpec extends RunSpec {
  readonly task: ExportRequest;
  readonly event: never;
  readonly result: ExportedNetwork;
}

export const exportKind = runKind<ExportSpec>('export');
