import * as wasm from '../../linalg/wasm/assembler';
import type { Conv2d, Extent } from '../../network/graph';
import { slidingOutput } from '../../network/window';
import { float, lanes, roundedUp, type Epilogue } from './code';
import { forms, type FormName } from './forms';
import type { Heap } from './heap';
import { hasFusedArithmetic } from './instructions';
import { blockRows } from './matrix';
import { stripLines, type Program, type Shape, type Stage } from './stage';
import { greatest } from '../../linalg/extremes';

/** A convolution and the way to compute it. */
export interface Layer {
  readonly convolution: Conv2d;
  readonly form: FormName;
}

/** A stage with its functions compiled. */
export interface CompiledStage {
  readonly stage: Stage;
  readonly program: Program;
}

/** Where the working memory's parts begin, in bytes from its start. */
interface Areas {
  /** A line of zeros, for what lies above and below an image. */
  readonly zeros: number;
  /** Lines of the input, copied because their margins or neighbours are needed. */
  readonly copies: number;
  /** What the first of two stages makes. */
  readonly between: number;
  /** A line to write what nobody reads. */
  readonly waste: number;
  readonly room: number;
  readonly end: number;
}

/** All that is known of convolutions of images of one size before the images come. */
export interface Plan {
  readonly stages: readonly CompiledStage[];
  /** Copies lines of the input; null where the input is read as it lies. */
  readonly copyLines: Program | null;
  /** Extents of the images. */
  readonly size: Extent;
  /** Lines of outputs of an image. */
  readonly outputHeight: number;
  /** Whether the images are parts of one row of pixels, see {@link flatSize}. */
  readonly isFlat: boolean;
  /** Bytes of a line of the input as it lies. */
  readonly inputBytes: number;
  /** Strips that are computed together. */
  readonly together: number;
  readonly areas: Areas;
}

/** The weights of a layer as its form reads them. */
export function layerWeights({ convolution, form }: Layer): Float32Array {
  return forms[form].weights(convolution);
}

/** Channels that a layer's outputs have: between two layers they are rounded up to whole vectors. */
export function alignedOutputs({ kernel }: Conv2d): number {
  return roundedUp(kernel.shape[3] ?? 0, lanes);
}

/**
 * Compiles the stages of one convolution, or of two that follow each other, and lays out their working memory.
 *
 * @param size of the images, or a {@link flatSize}
 * @param epilogue what is done to the last one's outputs
 */
export function planOf(
  heap: Heap,
  layers: readonly Layer[],
  size: Extent,
  isFlat: boolean,
  epilogue: Epilogue,
): Plan {
  const shapes = shapesOf(layers, size);
  const together = greatest(layers.map(({ form }, index) => forms[form].strips(shapes[index]!)));
  const stages = makeStages(layers, shapes, together, epilogue);
  const inputBytes = size.width * shapes[0]!.inputs * float;
  const { reads } = stages[0]!;
  const isCopied = !isFlat && (reads.together || reads.lineBytes !== inputBytes);
  return {
    stages: stages.map((stage) => ({ stage, program: heap.compile(stage.key, stage.functions) })),
    copyLines: isCopied
      ? heap.compile(`copy ${inputBytes} ${reads.lineBytes}`, () => [
          copyLinesFunction(inputBytes, reads.lineBytes),
        ])
      : null,
    size,
    outputHeight: slidingOutput(layers[0]!.convolution, [size.height, size.width]).height,
    isFlat,
    inputBytes,
    together,
    areas: areasOf(stages, together, inputBytes),
  };
}

/** Whether no pixel of the outputs needs more than its own of the inputs. */
export function isPointwise({ kernel, stride, padding }: Conv2d): boolean {
  const [height, width] = kernel.shape;
  const isStill = height === 1 && width === 1 && stride.height === 1 && stride.width === 1;
  return isStill && Object.values(padding).every((side) => side === 0);
}

/** Pixels of a line of a flat strip: few enough for the cache, many enough to pay for reading the weights. */
const longest = 32;

/**
 * The strip into which so many pixels are cut where no pixel needs its neighbours: whole blocks, of which the last
 * strip may overlap the one before it.
 */
export function flatSize(pixels: number): Extent {
  for (let width = longest; width >= blockRows; width /= 2) {
    if (pixels >= stripLines * width) return { height: stripLines, width };
  }
  return { height: 1, width: pixels };
}

/**
 * Values of a pixel between two layers: from 16 on up to a half more than are needed, so that code, which depends on
 * where things lie, serves many ranks. Fewer would share lines of the cache with their neighbours.
 */
function roomFor(channels: number): number {
  let room = 16;
  if (channels < room) return channels;
  while (room < channels) room = room % 3 === 0 ? (room / 3) * 4 : (room / 2) * 3;
  return room;
}

function shapesOf(layers: readonly Layer[], size: Extent): readonly Shape[] {
  const shapes: Shape[] = [];
  let { width } = size;
  for (const { convolution } of layers) {
    const { kernel, stride, dilation, padding, groups } = convolution;
    const [taps = 1, across = 1, depth = 1] = kernel.shape;
    const inputs = shapes.at(-1)?.outputs ?? depth * groups;
    const channels = alignedOutputs(convolution);
    const isLast = shapes.length === layers.length - 1;
    const own = { kernel: { height: taps, width: across }, stride, dilation, padding, groups, width };
    shapes.push({ ...own, inputs, depth, outputs: isLast ? channels : roomFor(channels), channels });
    ({ width } = slidingOutput(convolution, [size.height, width]));
  }
  return shapes;
}

function makeStages(
  layers: readonly Layer[],
  shapes: readonly Shape[],
  strips: number,
  epilogue: Epilogue,
): readonly Stage[] {
  const fused = hasFusedArithmetic();
  const make = (index: number, own: Epilogue, targetBytes?: number): Stage => {
    return forms[layers[index]!.form].stage({
      shape: shapes[index]!,
      epilogue: own,
      strips,
      fused,
      targetBytes,
    });
  };
  if (layers.length === 1) return [make(0, epilogue)];
  const second = make(1, epilogue);
  return [make(0, { adds: false, clamp: 'none' }, second.reads.lineBytes), second];
}

function areasOf([first, second]: readonly Stage[], together: number, inputBytes: number): Areas {
  const line = 64;
  const sizes = {
    zeros: inputBytes,
    copies: together * first!.reads.lines * first!.reads.lineBytes,
    between: second ? together * stripLines * second.reads.lineBytes : 0,
    waste: Math.max(first!.outputBytes, second?.outputBytes ?? 0),
    room: Math.max(first!.roomBytes, second?.roomBytes ?? 0),
  };
  let end = 0;
  const place = (bytes: number) => {
    const start = end;
    end += roundedUp(bytes, line);
    return start;
  };
  const [zeros, copies, between] = [place(sizes.zeros), place(sizes.copies), place(sizes.between)];
  const [waste, room] = [place(sizes.waste), place(sizes.room)];
  return { zeros, copies, between, waste, room, end };
}

/** `copyLines(target, source, lines)`, lines of `bytes` to places `apart` from each other. */
export function copyLinesFunction(bytes: number, apart: number): wasm.WasmFunction {
  const locals = new wasm.Locals(3);
  const [target, source, lines] = [0, 1, 2] as const;
  const oneLine = wasm.sequence(
    wasm.copyMemory(wasm.get(target), wasm.get(source), bytes),
    wasm.advance(target, apart),
    wasm.advance(source, bytes),
  );
  return { name: 'copyLines', locals, body: wasm.countDown(lines, oneLine) };
}
