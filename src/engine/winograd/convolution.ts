import type * as tf from '@tensorflow/tfjs-core';
import { fail } from '../../network/failure';
import { geometryOf, planes, type Geometry, type WindowShape } from './geometry';
import { currentHeap, type Heap } from './heap';
import { programBytes, type Epilogue, type Program } from './program';
import { tileOutputs } from './tile';

/** Compiled programs of one heap. */
const programs = new WeakMap<Heap, Map<string, Program>>();

/** The widest instructions that this browser runs; null where it has not even plain SIMD. */
let instructions: 'relaxed' | 'plain' | null | undefined;

function probe(): 'relaxed' | 'plain' | null {
  const none = { top: 1, bottom: 1, left: 1, right: 1 };
  const geometry = geometryOf({ height: 4, width: 4, inputs: 4, outputs: 4, padding: none });
  const epilogue: Epilogue = { adds: false, clamp: 'none' };
  if (WebAssembly.validate(programBytes(geometry, epilogue, true))) return 'relaxed';
  return WebAssembly.validate(programBytes(geometry, epilogue, false)) ? 'plain' : null;
}

/** Whether {@link compileConvolution} can be used here. */
export function canConvolve(): boolean {
  instructions ??= probe();
  return instructions !== null && currentHeap() !== null;
}

function programOf(heap: Heap, geometry: Geometry, epilogue: Epilogue): Program {
  const known = programs.get(heap) ?? new Map<string, Program>();
  programs.set(heap, known);
  const key = JSON.stringify([geometry, epilogue]);
  const program =
    known.get(key) ?? instantiate(heap, programBytes(geometry, epilogue, instructions === 'relaxed'));
  known.set(key, program);
  return program;
}

function instantiate(heap: Heap, bytes: Uint8Array<ArrayBuffer>): Program {
  const imports = { host: { memory: heap.memory } };
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports as unknown as Program;
}

/** A 3×3 convolution of stride 1 for images of one size; `addend` where it was compiled to add, else null. */
export type Convolve = (
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor,
  addend: tf.Tensor | null,
) => tf.Tensor;

/**
 * Makes the code of a 3×3 convolution of stride 1 by Winograd's minimal filtering on WebAssembly: three to four
 * times as fast as by its definition, with errors of some 1e-6 of the largest values.
 *
 * It takes images [n, height, width, inputs], the kernel as `transformKernel` lays it out and a bias, and
 * answers [n, outputHeight, outputWidth, outputs], which belongs to the open scope. Call it only where
 * {@link canConvolve} says so. Failures: 'out-of-memory'.
 */
export function compileConvolution(shape: WindowShape, epilogue: Epilogue): Convolve {
  const heap = currentHeap()!;
  const geometry = geometryOf(shape);
  const program = programOf(heap, geometry, epilogue);
  return (x, kernel, bias, addend) => {
    const images = x.shape[0] ?? 1;
    const output = heap.emptyTensor([images, geometry.outputHeight, geometry.outputWidth, geometry.outputs]);
    const addresses = [x, kernel, bias, output, addend ?? x].map((tensor) => heap.addressOf(tensor));
    const room = roomOf(heap, geometry);
    if (addresses.includes(0)) outOfMemory();
    const [from = 0, weights = 0, offset = 0, to = 0, added = 0] = addresses;
    const adding = addend ? added : null;
    run({ heap, geometry, program, room, images, from, weights, offset, to, adding });
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
  /** null where nothing is added. */
  readonly adding: number | null;
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

function writeStrip(job: Run, strip: number, slot: number): void {
  const { geometry, program, room, offset, to, adding } = job;
  const { strips, outputs, tilesPerStrip, outputHeight, outputWidth, ragged } = geometry;
  const row = strip % strips;
  const firstLine = ((strip - row) / strips) * outputHeight + row * tileOutputs;
  const place = firstLine * outputWidth * outputs * float;
  const products = room.products + slot * tilesPerStrip * outputs * float;
  if (!ragged) {
    program.transformOutputs(products, to + place, offset, (adding ?? 0) + place);
    return;
  }
  const lines = Math.min(tileOutputs, outputHeight - row * tileOutputs);
  if (adding !== null) copyToStrip(job, adding + place, lines);
  program.transformOutputs(products, room.strip, offset, room.strip);
  copyFromStrip(job, to + place, lines);
}

/** Copies lines of an image to the strip, whose lines are longer where tiles stick out. */
function copyToStrip({ heap, geometry, room }: Run, image: number, lines: number): void {
  const { short, long } = lineBytes(geometry);
  for (let y = 0; y < lines; y++) heap.copy(room.strip + y * long, image + y * short, short);
}

function copyFromStrip({ heap, geometry, room }: Run, image: number, lines: number): void {
  const { short, long } = lineBytes(geometry);
  for (let y = 0; y < lines; y++) heap.copy(image + y * short, room.strip + y * long, short);
}

function lineBytes({ outputWidth, outputs, stripBytes }: Geometry): { short: number; long: number } {
  return { short: outputWidth * outputs * float, long: stripBytes / tileOutputs };
}
