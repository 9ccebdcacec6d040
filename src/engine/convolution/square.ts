import * as wasm from '../../linalg/wasm/assembler';
import type { Tensor } from '../../network/graph';
import { finished, float, lanes, range, vectorBytes, VectorCode, type Epilogue } from './code';
import { overTiles } from './horizontal';
import {
  blockRows,
  multiplyFunction,
  packedSize,
  packRow,
  panelsOf,
  planesBytes,
  planesOf,
  restOf,
  type Planes,
} from './matrix';
import { outputWidthOf, stripLines, type Shape, type Stage } from './stage';
import { alongBothAxes, tapFactors, tileOutputs, tileSide, transformInputs, transformOutputs } from './tile';
import { writeLines } from './vertical';

const { get, set, load, store, repeat, countDown, advance, sequence } = wasm;

/** Planes of transformed values. */
const planeCount = tileSide * tileSide;

/** A 3×3 kernel [3, 3, I, O] as G g Gᵀ of every filter, laid out as the products read it, plane after plane. */
export function squareWeights({ shape, data }: Tensor): Float32Array {
  const [, , inputs = 1, outputs = 1] = shape;
  const size = packedSize(inputs, outputs);
  const all = new Float32Array(planeCount * size);
  const rows = range(3 * tileSide).map(() => new Float64Array(outputs));
  const plane = new Float32Array(outputs);
  for (let input = 0; input < inputs; input++) {
    transformTaps(data, input * outputs, inputs * outputs, rows);
    for (let index = 0; index < planeCount; index++) {
      const [y, x] = [Math.floor(index / tileSide), index % tileSide];
      combine(tapFactors[y]!, [rows[x]!, rows[tileSide + x]!, rows[2 * tileSide + x]!], plane);
      packRow(all, index * size, inputs, input, plane);
    }
  }
  return all;
}

/** rows = g Gᵀ of all filters of an input, [tap of the column][factor]; the kernel's taps lie `apart`. */
function transformTaps(data: Float32Array, from: number, apart: number, rows: readonly Float64Array[]): void {
  for (let y = 0; y < 3; y++) {
    const taps = range(3).map((x) => {
      const start = (3 * y + x) * apart + from;
      return data.subarray(start, start + rows[0]!.length);
    });
    tapFactors.forEach((own, x) => combine(own, taps, rows[y * tileSide + x]!));
  }
}

/** target = a · left + b · middle + c · right */
function combine(
  [a, b, c]: readonly [number, number, number],
  [left, middle, right]: readonly (Float32Array | Float64Array)[],
  target: Float32Array | Float64Array,
): void {
  for (let o = 0; o < target.length; o++) target[o] = a * left![o]! + b * middle![o]! + c * right![o]!;
}

/** A 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): 36 products give 16 outputs instead of 144. */
export function squareStage(shape: Shape, epilogue: Epilogue, strips: number, fused: boolean): Stage {
  const { depth, inputs, outputs, channels, padding } = shape;
  const { wide, narrow } = panelsOf(channels);
  const vectors = channels / lanes;
  const width = outputWidthOf(shape);
  const tiles = Math.ceil(width / tileOutputs);
  const planes = planesOf(planeCount, strips * tiles, inputs, outputs);
  const { inputs: products, all } = planesBytes(planes);
  const paddedWidth = tiles * tileOutputs + tileSide - tileOutputs;
  const lineBytes = paddedWidth * inputs * float;
  return {
    key: JSON.stringify(['square', width, planes, epilogue]),
    functions: () => [
      inputFunction(tiles, lineBytes, planes),
      multiplyFunction(planes, fused),
      outputFunction(width, planes, epilogue),
    ],
    reads: {
      lines: tileSide,
      step: stripLines,
      above: padding.top,
      lineBytes,
      margin: padding.left * inputs * float,
      together: true,
    },
    outputBytes: width * outputs * float,
    roomBytes: all,
    run: (program, job, first, last) => {
      for (let strip = first; strip < last; strip++) {
        program.transformInputs!(job.from(strip, 0), job.room + (strip - first) * tiles * inputs * float);
      }
      const blocks = Math.ceil(((last - first) * tiles) / blockRows);
      program.multiply!(job.room, job.weights, job.room + products, blocks, depth, wide, narrow);
      for (let strip = first; strip < last; strip++) {
        const place = job.room + products + (strip - first) * tiles * outputs * float;
        writeLines(program, job, strip, place, vectors);
      }
    },
  };
}

/** `transformInputs(first line, place in plane 0)`: load 6×6 pixels, transform, one vector to every plane. */
function inputFunction(tiles: number, lineBytes: number, { inputs, inputPlane }: Planes): wasm.WasmFunction {
  const locals = new wasm.Locals(2);
  const [source, target] = [0, 1];
  const code = new VectorCode(locals);
  const pixels = range(tileSide).map((y) =>
    range(tileSide).map((x) => code.name(load(get(source), y * lineBytes + x * inputs * float))),
  );
  const transformedPixels = alongBothAxes((line) => transformInputs(code, line), pixels).flat();
  const transformed = sequence(
    ...code.statements,
    ...transformedPixels.map((value, plane) => store(get(target), value, plane * inputPlane)),
  );
  const step = sequence(advance(source, vectorBytes), advance(target, vectorBytes));
  const body = repeat(
    locals.integer(),
    tiles,
    sequence(
      repeat(locals.integer(), inputs / lanes, sequence(transformed, step)),
      advance(source, (tileOutputs - 1) * inputs * float),
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
  const pixel = outputs * float;
  const linePointers = range(adds ? 2 * tileOutputs : tileOutputs).map((y) => lines + y);
  const tile = (columns: number) => {
    const code = new VectorCode(locals);
    const products = range(tileSide).map((y) =>
      range(tileSide).map((x) => code.name(load(get(source), (y * tileSide + x) * outputPlane))),
    );
    const sums = alongBothAxes((line) => transformOutputs(code, line), products);
    const offset = code.name(load(get(offsets)));
    const stores = sums.flatMap((row, y) =>
      row.slice(0, columns).map((value, x) => {
        const added = adds ? load(get(addends + y), x * pixel) : null;
        return store(get(lines + y), finished(value, offset, added, clamp), x * pixel);
      }),
    );
    const steps = [source, offsets, ...linePointers].map((pointer) => advance(pointer, vectorBytes));
    return sequence(
      set(offsets, get(bias)),
      set(vector, get(vectors)),
      countDown(vector, sequence(...code.statements, ...stores, ...steps)),
      ...[source, ...linePointers].map((pointer) => set(pointer, wasm.plus(get(pointer), get(rest)))),
      ...linePointers.map((pointer) => advance(pointer, (tileOutputs - 1) * pixel)),
    );
  };
  const body = sequence(set(rest, restOf(outputs, vectors)), overTiles(locals, width, tile));
  return { name: 'transformOutputs', locals, body };
}
