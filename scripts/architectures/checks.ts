import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { encHere } from '../../cli/testing';
import { createExecutor } from '../../src/engine/executor';
import { startNodeBackend } from '../../src/engine/testing/nodeBackend';
import type { NamedFile } from '../../src/formats/file';
import { readNetwork } from '../../src/formats/models';
import { runOnnxRuntime } from '../../src/formats/testing/onnxRuntime';
import { toChannelsFirst } from '../../src/formats/testing/layout';
import { createRandom } from '../../src/linalg/random';
import { fileOf, type Architecture, type FileOptions } from './architecture';

export type Format = 'onnx' | 'keras';
export const formats: readonly Format[] = ['onnx', 'keras'];

/** What `enc inspect` says of a file, as far as it is checked. */
export interface Inspected {
  readonly macs: number;
  readonly parameters: number;
  readonly unsupported: readonly {
    readonly name: string;
    readonly operator: string;
    readonly reason: string;
  }[];
}

/** What `enc compress` says, as far as it is checked. */
export interface Halved {
  readonly achieved: number;
  readonly macs: number;
  readonly seconds: number;
}

/** Writes an architecture's file into a folder and answers its path. */
export async function written(
  folder: string,
  architecture: Architecture,
  format: Format,
  options: FileOptions,
): Promise<string> {
  const { name, bytes } = await fileOf(architecture, format, options);
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** `enc inspect` of a file. */
export function inspected(path: string): Promise<Inspected> {
  return encHere<Inspected>('inspect', path);
}

/** `enc compress` of a file to half of its MACs. */
export async function halved(path: string, out: string): Promise<Halved> {
  const start = performance.now();
  const answer = await encHere<Halved>('compress', path, '--target', '0.5', '--method', 'map', '--out', out);
  return { ...answer, seconds: (performance.now() - start) / 1000 };
}

/** One image of noise, H×W×3, about as bright as pixels after the usual preprocessing. */
export function noise(size: number): Float32Array {
  const random = createRandom(7);
  return Float32Array.from({ length: size * size * 3 }, () => 2 * random.uniform() - 1);
}

/** A file, or the files of a folder. */
export async function filesAt(path: string): Promise<NamedFile[]> {
  const isFolder = (await stat(path)).isDirectory();
  const names = isFolder ? await readdir(path) : [''];
  const read = async (name: string) => new Uint8Array(await readFile(join(path, name)));
  return Promise.all(names.map(async (name) => ({ name: name || path, bytes: await read(name) })));
}

/** What the studio's engine answers for one image, on WebAssembly. */
export async function engineAnswers(files: readonly NamedFile[], image: Float32Array): Promise<Float32Array> {
  await startNodeBackend('wasm');
  const network = await readNetwork(files);
  const executor = createExecutor(network);
  const values = tf.tidy(() => executor.run(tf.tensor(image, [1, ...network.input.shape])).dataSync());
  executor.dispose();
  return Float32Array.from(values);
}

/**
 * How far ONNX Runtime and the studio's engine are apart on an ONNX file.
 * @returns the largest difference over the largest answer
 */
export async function runtimeDifference(path: string, size: number): Promise<number> {
  const files = await filesAt(path);
  const image = noise(size);
  const { data } = await runOnnxRuntime(files[0]!.bytes, toChannelsFirst(image, 3), [1, 3, size, size]);
  return relativeDifference(await engineAnswers(files, image), data);
}

/** The largest difference over the largest of the expected answers; Infinity where one is no number. */
export function relativeDifference(answers: Float32Array, expected: Float32Array): number {
  if (answers.length !== expected.length) return Infinity;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const differences = answers.map((value, index) => Math.abs(value - expected[index]!));
  const worst = differences.reduce((most, value) => (value > most || Number.isNaN(value) ? value : most), 0);
  return Number.isFinite(worst) && largest > 0 ? worst / largest : Infinity;
}
