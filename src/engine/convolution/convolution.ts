import type * as tf from '@tensorflow/tfjs-core';
import { fail } from '../../network/failure';
import type { Extent } from '../../network/graph';
import { slidingOutput } from '../../network/window';
import type { Epilogue } from './code';
import { currentHeap, type Heap } from './heap';
import { flatSize, isPointwise, planOf, type Layer, type Plan } from './plan';
import { run } from './run';

/** Weights of a layer as its form lays them out, and the bias, as long as `alignedOutputs`. */
export interface LayerTensors {
  readonly weights: tf.Tensor;
  readonly bias: tf.Tensor;
}

/** Convolutions, one after the other, of images of one size; `addend` where it was compiled to add, else null. */
export type Convolve = (x: tf.Tensor, layers: readonly LayerTensors[], addend: tf.Tensor | null) => tf.Tensor;

/**
 * Makes the code of one convolution, or of two that follow each other, on WebAssembly. Images are computed strip by
 * strip of four lines; what the first convolution makes of a strip stays in the processor's cache for the second,
 * which must therefore read one line for each of its own.
 *
 * The code takes images [n, height, width, inputs] and answers [n, outputHeight, outputWidth, outputs], which belongs
 * to the open scope. An image's numbers do not depend on the images beside it; errors are some 1e-6 of the largest
 * values. Call it only where `canConvolve` says so. Failures: 'out-of-memory'.
 *
 * @param epilogue what is done to the last one's outputs; the first one's get their bias only
 */
export function compileConvolution(layers: readonly Layer[], size: Extent, epilogue: Epilogue): Convolve {
  const heap = currentHeap()!;
  const outputShape = outputShapeOf(layers, size);
  const isFlat = layers.every(({ convolution }) => isPointwise(convolution));
  // Looking a plan up by what it depends on takes as long as computing a small layer does.
  let last: Plan | null = null;
  const planFor = (own: Extent): Plan => {
    if (last?.size.height !== own.height || last.size.width !== own.width)
      last = knownPlan(heap, layers, own, isFlat, epilogue);
    return last;
  };
  return (x, tensors, addend) => {
    assertImages(x, layers, size);
    const [images = 1] = x.shape;
    const pixels = images * size.height * size.width;
    const plan = planFor(isFlat ? flatSize(pixels) : size);
    const output = heap.emptyTensor([images, ...outputShape]);
    const places = [x, output, addend ?? x, ...tensors.flatMap(({ weights, bias }) => [weights, bias])];
    const addresses = places.map((tensor) => heap.addressOf(tensor));
    const room = heap.scratch(plan.areas.end);
    if (room === 0 || addresses.includes(0)) outOfMemory();
    const [from = 0, to = 0, added = 0, ...weights] = addresses;
    run(plan, { heap, room, images, pixels, from, to, adding: addend ? added : null, weights });
    return output;
  };
}

/** The code reads memory without asking what lies there, so that it must not be given anything else. */
function assertImages(x: tf.Tensor, [first]: readonly Layer[], { height, width }: Extent): void {
  const { kernel, groups } = first!.convolution;
  const expected = [height, width, (kernel.shape[2] ?? 0) * groups];
  if (x.rank === 4 && expected.every((extent, axis) => x.shape[axis + 1] === extent)) return;
  throw new Error(
    `convolution: expected images of ${expected.join('×')}, found ${x.shape.slice(1).join('×')}`,
  );
}

/** Plans of one heap: layers of the same shapes share their code. */
const plans = new WeakMap<Heap, Map<string, Plan>>();

function knownPlan(
  heap: Heap,
  layers: readonly Layer[],
  size: Extent,
  isFlat: boolean,
  epilogue: Epilogue,
): Plan {
  const known = plans.get(heap) ?? new Map<string, Plan>();
  plans.set(heap, known);
  const forms = layers.map(({ form, convolution }) => {
    const { kernel, stride, dilation, padding, groups } = convolution;
    return [form, kernel.shape, stride, dilation, padding, groups];
  });
  const key = JSON.stringify([forms, size, isFlat, epilogue]);
  const plan = known.get(key) ?? planOf(heap, layers, size, isFlat, epilogue);
  known.set(key, plan);
  return plan;
}

/** @throws FailureError 'out-of-memory' */
export function outOfMemory(): never {
  return fail('out-of-memory', 'WebAssembly has no memory left for this step; use fewer images at a time.');
}

function outputShapeOf(layers: readonly Layer[], { height, width }: Extent): number[] {
  let size: Extent = { height, width };
  for (const { convolution } of layers) size = slidingOutput(convolution, [size.height, size.width]);
  return [size.height, size.width, layers.at(-1)!.convolution.kernel.shape[3] ?? 0];
}
