import * as wasm from '../../linalg/wasm/assembler';
import type { Tensor } from '../../network/graph';
import { finished, float, lanes, range, vectorBytes, VectorCode, type Epilogue } from './code';
import {
  blockRows,
  multiplyFunction,
  packedSize,
  packPanels,
  panelsOf,
  planesBytes,
  planesOf,
  restOf,
  type Planes,
} from './matrix';
import {
  outputWidthOf,
  stripLines,
  type Job,
  type Lines,
  type Program,
  type Shape,
  type Stage,
} from './stage';
import { tapFactors, tileOutputs, tileSide, transformInputs, transformOutputs } from './tile';

const { get, set, load, store, repeat, countDown, advance, sequence } = wasm;

/** A kernel [3, 1, I, O] or [1, 3, I, O] transformed and laid out as the products read it, plane after plane. */
export function lineWeights({ shape, data }: Tensor): Float32Array {
  const [, , inputs = 1, outputs = 1] = shape;
  const pairs = inputs * outputs;
  const size = packedSize(inputs, outputs);
  const all = new Float32Array(tileSide * size);
  const plane = new Float32Array(pairs);
  tapFactors.forEach(([a, b, c], index) => {
    for (let pair = 0; pair < pairs; pair++) {
      plane[pair] = a * data[pair]! + b * data[pairs + pair]! + c * data[2 * pairs + pair]!;
    }
    all.set(packPanels(inputs, outputs, plane), index * size);
  });
  return all;
}

/**
 * A 3×1 convolution of stride 1 by Winograd's F(4, 3) down the columns: six products give four outputs, where the
 * definition takes twelve. Tensors are read as they lie, unless there are margins at the sides.
 *
 * @param strips most strips at a time
 */
export function verticalStage(shape: Shape, epilogue: Epilogue, strips: number, fused: boolean): Stage {
  const { depth, inputs, outputs, channels, padding } = shape;
  const { wide, narrow } = panelsOf(channels);
  const vectors = channels / lanes;
  const width = outputWidthOf(shape);
  const planes = planesOf(tileSide, strips * width, inputs, outputs);
  const [inputBytes, outputBytes] = [width * inputs * float, width * outputs * float];
  const { inputs: products, all } = planesBytes(planes);
  return {
    key: JSON.stringify(['vertical', width, planes, epilogue]),
    functions: () => [
      inputFunction(width * inputs, planes),
      multiplyFunction(planes, fused),
      outputFunction(width, planes, epilogue),
    ],
    reads: {
      lines: tileSide,
      step: stripLines,
      above: padding.top,
      lineBytes: inputBytes,
      margin: padding.left * inputs * float,
      together: false,
    },
    outputBytes,
    roomBytes: all,
    run: (program, job, first, last) => {
      for (let strip = first; strip < last; strip++) {
        readLines(program, job.from, strip, job.room + (strip - first) * inputBytes);
      }
      const place = job.room + products;
      const blocks = Math.ceil(((last - first) * width) / blockRows);
      program.multiply!(job.room, job.weights, place, blocks, depth, wide, narrow);
      for (let strip = first; strip < last; strip++) {
        writeLines(program, job, strip, place + (strip - first) * outputBytes, vectors);
      }
    },
  };
}

// Written out: this runs so often that lists of arguments would take a tenth of the time.

/** Has the six lines of a strip transformed. */
function readLines(program: Program, from: Lines, strip: number, target: number): void {
  const [a, b, c] = [from(strip, 0), from(strip, 1), from(strip, 2)];
  program.transformInputs!(a, b, c, from(strip, 3), from(strip, 4), from(strip, 5), target);
}

/** Has the four lines of a strip written. */
export function writeLines(
  program: Program,
  job: Job,
  strip: number,
  products: number,
  vectors: number,
): void {
  const { to, adding, bias } = job;
  const [a, b, c, d] = [to(strip, 0), to(strip, 1), to(strip, 2), to(strip, 3)];
  if (!adding) {
    program.transformOutputs!(products, bias, vectors, a, b, c, d, 0, 0, 0, 0);
    return;
  }
  const [e, f] = [adding(strip, 0), adding(strip, 1)];
  const [g, h] = [adding(strip, 2), adding(strip, 3)];
  program.transformOutputs!(products, bias, vectors, a, b, c, d, e, f, g, h);
}

/** `transformInputs(six lines, place in plane 0)`, four channels of one column at a time. */
function inputFunction(values: number, { inputPlane }: Planes): wasm.WasmFunction {
  const locals = new wasm.Locals(tileSide + 1);
  const [lines, target] = [range(tileSide), tileSide];
  const code = new VectorCode(locals);
  const factors = transformInputs(
    code,
    lines.map((line) => code.name(load(get(line)))),
  );
  const body = repeat(
    locals.integer(),
    values / lanes,
    sequence(
      ...code.statements,
      ...factors.map((value, plane) => store(get(target), value, plane * inputPlane)),
      ...[...lines, target].map((pointer) => advance(pointer, vectorBytes)),
    ),
  );
  return { name: 'transformInputs', locals, body };
}

/** `transformOutputs(products, bias, vectors of a pixel, four lines, four addends)` */
function outputFunction(
  width: number,
  { outputs, outputPlane }: Planes,
  { adds, clamp }: Epilogue,
): wasm.WasmFunction {
  const [source, bias, vectors, lines] = [0, 1, 2, 3] as const;
  const addends = lines + tileOutputs;
  const locals = new wasm.Locals(addends + tileOutputs);
  const [vector, rest, offsets] = [locals.integer(), locals.integer(), locals.integer()];
  const code = new VectorCode(locals);
  const sums = transformOutputs(
    code,
    range(tileSide).map((plane) => code.name(load(get(source), plane * outputPlane))),
  );
  const offset = code.name(load(get(offsets)));
  const stores = sums.map((value, y) =>
    store(get(lines + y), finished(value, offset, adds ? load(get(addends + y)) : null, clamp)),
  );
  const pixels = [source, ...range(adds ? 2 * tileOutputs : tileOutputs).map((y) => lines + y)];
  const steps = [...pixels, offsets].map((pointer) => advance(pointer, vectorBytes));
  const onePixel = sequence(
    set(offsets, get(bias)),
    set(vector, get(vectors)),
    countDown(vector, sequence(...code.statements, ...stores, ...steps)),
    ...pixels.map((pointer) => set(pointer, wasm.plus(get(pointer), get(rest)))),
  );
  const body = sequence(set(rest, restOf(outputs, vectors)), repeat(locals.integer(), width, onePixel));
  return { name: 'transformOutputs', locals, body };
}
