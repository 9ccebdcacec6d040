import type * as tf from '@tensorflow/tfjs-core';
import { fail } from '../../network/failure';
import { geometryOf, planes, type Geometry, type WindowShape } from './geometry';
import { currentHeap, type Heap } from './heap';
import { programBytes, type Clamp, type Program } from './program';
import { tileOutputs } from './tile';

/** Compiled programs of one heap. */
const programs = new WeakMap<Heap, Map<string, Program>>();

/** The widest instructions that this browser runs; null where it has not even plain SIMD. */
let instructions: 'relaxed' | 'plain' | null | undefined;

function probe(): 'relaxed' | 'plain' | null {
  const none = { top: 1, bottom: 1, left: 1, right: 1 };
  const geometry = geometryOf({ height: 4, width: 4, inputs: 4, outputs: 4, padding: none });
  if (WebAssembly.validate(programBytes(geometry, 'none', true))) return 'relaxed';
  return WebAssembly.validate(programBytes(geometry, 'none', false)) ? 'plain' : null;
}

/** Whether {@link compileConvolution} can be used here. */
export function canConvolve(): boolean {
  instructions ??= probe();
  return instructions !== null && currentHeap() !== null;
}

function programOf(heap: Heap, geometry: Geometry, clamp: Clamp): Program {
  const known = programs.get(heap) ?? new Map<string, Program>();
  programs.set(heap, known);
  const key = JSON.stringify([geometry, clamp]);
  const program =
    known.get(key) ?? instantiate(heap, programBytes(geometry, clamp, instructions === 'relaxed'));
  known.set(key, program);
  return program;
}

function instantiate(heap: Heap, bytes: Uint8Array<ArrayBuffer>): Program {
  const imports = { host: { memory: heap.memory } };
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports as unknown as Program;
}

/** A 3×3 convolution of step 1 for images of one size. */
export type Convolve = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => tf.Tensor;

/**
 * Makes the code of a 3×3 convolution of step 1 by Winograd's minimal filtering on WebAssembly: three to four
 * times as fast as by its definition, with errors of some 1e-6 of the largest values.
 *
 * It takes images [n, height, width, inputs], the kernel as `transformKernel` lays it out and a bias, and
 * answers [n, outputHeight, outputWidth, outputs], which belongs to the open scope. Call it only where
 * {@link canConvolve} says so. Failures: 'out-of-memory'.
 */
export function compileConvolution(shape: WindowShape, clamp: Clamp): Convolve {
  const heap = currentHeap()!;
  const geometry = geometryOf(shape);
  const program = programOf(heap, geometry, clamp);
  return (x, kernel, bias) => {
    const images = x.shape[0] ?? 1;
    const output = heap.emptyTensor([images, geometry.outputHeight, geometry.outputWidth, geometry.outputs]);
    const addresses = [x, kernel, bias, output].map((tensor) => heap.addressOf(tensor));
    const room = roomOf(heap, geometry);
    if (addresses.includes(0)) outOfMemory();
    const [from = 0, weights = 0, offset = 0, to = 0] = addresses;
    run({ heap, geometry, program, room, images, from, weights, offset, to });
    return output;
  };
}

function outOfMemory(): never {
  return fail('out-of-memory', 'WebAssembly has no memory left for this step; use fewer images at a time.');
}

/** Addresses of the working memory. */
interface Room {
  readonly padded: number;
  readonly inputs: number;
  readonly products: number;
  readonly strip: number;
}

function roomOf(heap: Heap, { paddedBytes, inputPlane, outputPlane, stripBytes, ragged }: Geometry): Room {
  const inputBytes = planes * inputPlane;
  const productBytes = planes * outputPlane;
  const start = heap.scratch(inputBytes + productBytes + paddedBytes + (ragged ? stripBytes : 0));
  if (start === 0) outOfMemory();
  const products = start + inputBytes;
  const padded = products + productBytes;
  return { inputs: start, products, padded, strip: padded + paddedBytes };
}

interface Run {
  readonly heap: Heap;
  readonly geometry: Geometry;
  readonly program: Program;
  readonly room: Room;
  readonly images: number;
  readonly from: number;
  readonly weights: number;
  readonly offset: number;
  readonly to: number;
}

/** Strip by strip over all images, as many strips together as the matrix product takes. */
function run(job: Run): void {
  const { geometry, program, room, images, weights } = job;
  const { strips, stripsTogether } = geometry;
  const total = images * strips;
  for (let first = 0; first < total; first += stripsTogether) {
    const last = Math.min(total, first + stripsTogether);
    for (let strip = first; strip < last; strip++) readStrip(job, strip, strip - first);
    program.multiply(room.inputs, weights, room.products);
    for (let strip = first; strip < last; strip++) writeStrip(job, strip, strip - first);
  }
}

const float = 4;

function readStrip({ geometry, program, room, from }: Run, strip: number, slot: number): void {
  const { strips, height, width, inputs, tilesPerStrip, paddedWidth } = geometry;
  const row = strip % strips;
  if (row === 0) program.pad(from + (strip / strips) * height * width * inputs * float, room.padded);
  const line = paddedWidth * inputs * float;
  program.transformInputs(
    room.padded + row * tileOutputs * line,
    room.inputs + slot * tilesPerStrip * inputs * float,
  );
}

function writeStrip({ heap, geometry, program, room, offset, to }: Run, strip: number, slot: number): void {
  const { strips, outputs, tilesPerStrip, outputHeight, outputWidth, stripBytes, ragged } = geometry;
  const row = strip % strips;
  const image = (strip - row) / strips;
  const line = outputWidth * outputs * float;
  const target = to + (image * outputHeight + row * tileOutputs) * line;
  const products = room.products + slot * tilesPerStrip * outputs * float;
  program.transformOutputs(products, ragged ? room.strip : target, offset);
  if (!ragged) return;
  const lines = Math.min(tileOutputs, outputHeight - row * tileOutputs);
  for (let y = 0; y < lines; y++)
    heap.copy(target + y * line, room.strip + y * (stripBytes / tileOutputs), line);
}
