import * as wasm from '../../linalg/wasm/assembler';
import { float, lanes, range, vectorBytes } from '../convolution/code';

const { get, set, load, store, repeat, countDown, advance, sequence } = wasm;

/** Input channels of a block of sums, as many as registers hold beside two vectors of outputs. */
const blockRows = 4;
const wideWidth = 2 * lanes;

/** What the code of a filter's gradient is made for. */
export interface FilterShape {
  /** Pixels of a line of the outputs. */
  readonly width: number;
  /** Channels of a pixel; the outputs' are a multiple of 4. */
  readonly inputs: number;
  readonly outputs: number;
  /** From one line of the inputs to the one that the next line of the outputs reads, in bytes. */
  readonly lineBytes: number;
  /** From one pixel to the next, likewise. */
  readonly pixelBytes: number;
}

/** Names the code for a shape. */
export function filterKey(shape: FilterShape): string {
  return JSON.stringify(['filter gradient', shape]);
}

/**
 * `accumulate(inputs, gradients, sums, lines)`: adds to sums[i][o], for one tap of the kernel, the products of input
 * channel i with the gradient of output channel o over all pixels of so many lines.
 *
 * Blocks of 4 × 8 sums stay in registers while the pixels go by; every one of the two factors' pixels is read once for
 * each block.
 */
export function accumulateFunction(shape: FilterShape, fused: boolean): wasm.WasmFunction {
  const { inputs, outputs } = shape;
  const locals = new wasm.Locals(4);
  const [source, gradients, sums] = [0, 1, 2] as const;
  const [panel, target] = [locals.integer(), locals.integer()];
  const counter = locals.integer();
  const rowsOfPanels = (rows: number): wasm.Code => {
    const one = (width: number) =>
      sequence(
        blockSums(locals, shape, { source, panel, target }, rows, width, fused),
        ...[panel, target].map((place) => advance(place, width * float)),
      );
    const wide = Math.floor(outputs / wideWidth);
    return sequence(
      set(panel, get(gradients)),
      set(target, get(sums)),
      wide > 0 ? repeat(counter, wide, one(wideWidth)) : [],
      outputs % wideWidth > 0 ? one(lanes) : [],
      advance(source, rows * float),
      advance(sums, rows * outputs * float),
    );
  };
  const [blocks, rest] = [Math.floor(inputs / blockRows), inputs % blockRows];
  const body = sequence(
    blocks > 0 ? repeat(locals.integer(), blocks, rowsOfPanels(blockRows)) : [],
    rest > 0 ? rowsOfPanels(rest) : [],
  );
  return { name: 'accumulate', locals, body };
}

interface Places {
  readonly source: wasm.Local;
  readonly panel: wasm.Local;
  readonly target: wasm.Local;
}

/** The fourth parameter of the function. */
const linesParameter: wasm.Local = 3;

/** Sums of a block of input channels and a panel of outputs, over all lines. */
function blockSums(
  locals: wasm.Locals,
  { width, outputs, lineBytes, pixelBytes }: FilterShape,
  { source, panel, target }: Places,
  rows: number,
  columns: number,
  fused: boolean,
): wasm.Code {
  const [left, right, line, pixel] = range(4).map(() => locals.integer()) as [number, number, number, number];
  const vectors = range(columns / lanes);
  const sums = range(rows).map(() => vectors.map(() => locals.vector()));
  const factors = vectors.map(() => locals.vector());
  const value = locals.vector();
  const place = (row: number, column: number) => row * outputs * float + column * vectorBytes;
  const accumulate = (sum: wasm.Local, column: number): wasm.Code => {
    const [x, g] = [get(value), get(factors[column]!)];
    return set(sum, fused ? wasm.multiplyAdd(x, g, get(sum)) : wasm.add(get(sum), wasm.multiply(x, g)));
  };
  const onePixel = sequence(
    ...vectors.map((column) => set(factors[column]!, load(get(right), column * vectorBytes))),
    ...sums.flatMap((row, index) => [
      set(value, wasm.loadSplat(get(left), index * float)),
      ...row.map(accumulate),
    ]),
    advance(left, pixelBytes),
    advance(right, outputs * float),
  );
  const oneLine = sequence(repeat(pixel, width, onePixel), advance(left, lineBytes - width * pixelBytes));
  return sequence(
    ...sums.flatMap((row, index) =>
      row.map((sum, column) => set(sum, load(get(target), place(index, column)))),
    ),
    set(left, get(source)),
    set(right, get(panel)),
    set(line, get(linesParameter)),
    countDown(line, oneLine),
    ...sums.flatMap((row, index) =>
      row.map((sum, column) => store(get(target), get(sum), place(index, column))),
    ),
  );
}

/** `sumPixels(values, sums, pixels)` adds up so many pixels of `channels` values, a multiple of 4. */
export function sumPixelsFunction(channels: number): wasm.WasmFunction {
  const locals = new wasm.Locals(3);
  const [values, sums, pixels] = [0, 1, 2] as const;
  const [from, pixel] = [locals.integer(), locals.integer()];
  const block = (vectors: number): wasm.Code => {
    const own = range(vectors).map(() => locals.vector());
    const places = range(vectors).map((index) => index * vectorBytes);
    const onePixel = sequence(
      ...own.map((sum, index) => set(sum, wasm.add(get(sum), load(get(from), places[index])))),
      advance(from, channels * float),
    );
    return sequence(
      ...own.map((sum, index) => set(sum, load(get(sums), places[index]))),
      set(from, get(values)),
      set(pixel, get(pixels)),
      countDown(pixel, onePixel),
      ...own.map((sum, index) => store(get(sums), get(sum), places[index])),
      advance(values, vectors * vectorBytes),
      advance(sums, vectors * vectorBytes),
    );
  };
  const together = 4;
  const all = channels / lanes;
  const [blocks, rest] = [Math.floor(all / together), all % together];
  const body = sequence(
    blocks > 0 ? repeat(locals.integer(), blocks, block(together)) : [],
    rest > 0 ? block(rest) : [],
  );
  return { name: 'sumPixels', locals, body };
}

/** `gate(gradient, output, target, vectors)`: the gradient where the output is above 0, and below 6 where asked. */
export function gateFunction(isBounded: boolean): wasm.WasmFunction {
  const locals = new wasm.Locals(4);
  const [gradient, output, target, vectors] = [0, 1, 2, 3] as const;
  const value = locals.vector();
  const isPositive = wasm.isAbove(get(value), wasm.zeros);
  const isOpen = isBounded ? wasm.both(isPositive, wasm.isAbove(wasm.splat(6), get(value))) : isPositive;
  const body = countDown(
    vectors,
    sequence(
      set(value, load(get(output))),
      store(get(target), wasm.both(load(get(gradient)), isOpen)),
      ...[gradient, output, target].map((place) => advance(place, vectorBytes)),
    ),
  );
  return { name: 'gate', locals, body };
}
