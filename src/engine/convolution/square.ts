import * as wasm from '../../linalg/wasm/assembler';
import type { Tensor } from '../../network/graph';
import { finished, float, lanes, range, vectorBytes, VectorCode, type Epilogue } from './code';
import { overTiles } from './horizontal';
import {
  blockRows,
  multiplyFunction,
  packedSize,
  packedPlace,
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

/**
 * A 3×3 kernel [3, 3, I, O] as G g Gᵀ of every filter, laid out as the products read it, plane after plane. Every
 * process does it for every layer before it computes anything, so that it is one plain loop.
 */
export function squareWeights({ shape, data }: Tensor): Float32Array {
  const [, , inputs = 1, outputs = 1] = shape;
  const size = packedSize(inputs, outputs);
  const all = new Float32Array(planeCount * size);
  const filter = new Float64Array(taps * taps);
  const lines = new Float64Array(taps * tileSide);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      for (let tap = 0; tap < filter.length; tap++) {
        filter[tap] = data[(tap * inputs + input) * outputs + output]!;
      }
      transformFilter(filter, lines, all, packedPlace(inputs, outputs, input, output), size);
    }
  }
  return all;
}

/** G, row by row. */
const factors = Float64Array.from(tapFactors.flat());
const taps = 3;

/** Writes G g Gᵀ of a filter to `place` of every plane; `lines` is room for g Gᵀ. */
function transformFilter(
  filter: Float64Array,
  lines: Float64Array,
  planes: Float32Array,
  place: number,
  size: number,
): void {
  for (let y = 0; y < taps; y++) {
    for (let x = 0; x < tileSide; x++) {
      lines[y * tileSide + x] =
        factors[taps * x]! * filter[taps * y]! +
        factors[taps * x + 1]! * filter[taps * y + 1]! +
        factors[taps * x + 2]! * filter[taps * y + 2]!;
    }
  }
  for (let y = 0; y < tileSide; y++) {
    for (let x = 0; x < tileSide; x++) {
      planes[(y * tileSide + x) * size + place] =
        factors[taps * y]! * lines[x]! +
        factors[taps * y + 1]! * lines[tileSide + x]! +
        factors[taps * y + 2]! * lines[2 * tileSide + x]!;
    }
  }
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
