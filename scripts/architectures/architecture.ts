import type { NamedFile } from '../../src/formats/file';
import type { KerasModel } from './keras';

/** What varies between files of the same architecture. */
export interface FileOptions {
  /** Height and width of the images, in pixels. */
  readonly size: number;
  /** By how much all numbers of channels and classes are divided; 1 is the published network. */
  readonly slimmer: number;
}

/** What its authors, or the library that ships it, say of an architecture. */
export interface Published {
  /** Multiply-accumulates of one image, and where that is said. */
  readonly macs: number;
  readonly macsSource: string;
  /** Trained numbers, and where that is said. */
  readonly parameters: number;
  readonly parametersSource: string;
}

/** An architecture that many trained networks have, with seeded weights. */
export interface Architecture {
  readonly id: string;
  readonly title: string;
  /** Height and width of the images it is published for, in pixels. */
  readonly size: number;
  readonly onnx: { readonly published: Published; readonly file: (options: FileOptions) => Uint8Array };
  readonly keras: {
    readonly published: Published;
    /** Whether plain TF.js has every layer that the file uses. */
    readonly isForTfjs: boolean;
    readonly model: (options: FileOptions) => KerasModel;
  };
}

/** The file of an architecture as a reader gets it. */
export async function fileOf(
  architecture: Architecture,
  format: 'onnx' | 'keras',
  options: FileOptions,
): Promise<NamedFile> {
  if (format === 'onnx') return { name: `${architecture.id}.onnx`, bytes: architecture.onnx.file(options) };
  const { graph, output } = architecture.keras.model(options);
  return { name: `${architecture.id}.h5`, bytes: await graph.file(output) };
}

/** A number of channels divided, at least 1 and a multiple of what a later split asks for. */
export function slimmed(channels: number, { slimmer }: FileOptions, multipleOf = 1): number {
  if (slimmer === 1) return channels;
  return Math.max(1, Math.round(channels / slimmer / multipleOf)) * multipleOf;
}

/** The multiple of 8 next to a number of channels, at most a tenth below it (Howard et al. 2019). */
export function nextToEight(channels: number): number {
  const near = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return near < 0.9 * channels ? near + 8 : near;
}
