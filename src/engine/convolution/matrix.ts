import * as wasm from '../../linalg/wasm/assembler';
import { float, lanes, range, roundedUp, vectorBytes } from './code';

const { get, set, load, store, repeat, repeatAsSaid, countDown, advance, sequence } = wasm;

/** Rows of the matrix product's block. */
export const blockRows = 4;

/** How many panels of outputs there are: as many of 8 as fit, and one of 4. */
export interface Panels<T> {
  readonly wide: T;
  readonly narrow: T;
}

const wideWidth = 2 * lanes;

export function panelsOf(outputs: number): Panels<number> {
  return { wide: Math.floor(outputs / wideWidth), narrow: outputs % wideWidth === 0 ? 0 : 1 };
}

/** Values that a matrix of weights takes laid out for the product: its columns fill up to a multiple of 4. */
export function packedSize(rows: number, columns: number): number {
  return rows * roundedUp(columns, lanes);
}

/**
 * Lays a matrix of weights out as the product reads it: panel by panel of 8 columns (4 for the last where no more
 * are left), each row by row.
 *
 * @param values row by row, from `from` on
 * @param apart from one row to the next
 */
export function packPanels(
  rows: number,
  columns: number,
  values: Float32Array,
  from = 0,
  apart = columns,
): Float32Array {
  const packed = new Float32Array(packedSize(rows, columns));
  for (let row = 0; row < rows; row++) {
    packRow(packed, 0, rows, row, values.subarray(from + row * apart, from + row * apart + columns));
  }
  return packed;
}

/** Where a value of a matrix of weights lies once it is laid out. */
export function packedPlace(rows: number, columns: number, row: number, column: number): number {
  const first = column - (column % wideWidth);
  return first * rows + row * Math.min(wideWidth, roundedUp(columns - first, lanes)) + column - first;
}

/** Lays one of so many rows of a matrix of weights out, which begins at `start`. */
function packRow(packed: Float32Array, start: number, rows: number, row: number, values: Float32Array): void {
  const columns = values.length;
  for (let first = 0; first < columns; first += wideWidth) {
    const step = Math.min(wideWidth, roundedUp(columns - first, lanes));
    const target = start + first * rows + row * step;
    const width = Math.min(step, columns - first);
    for (let column = 0; column < width; column++) packed[target + column] = values[first + column]!;
  }
}

/** A loop over runs of inputs that lie apart: of the rows, or the taps, of a kernel. */
export interface Runs {
  readonly count: number;
  /** From one run to the next. */
  readonly bytes: number;
}

/** How a block of a product reads its left factor. */
export interface LeftFactor {
  readonly rows: number;
  /** From one row to the next. */
  readonly rowBytes: number;
  /** Outermost first. */
  readonly runs: readonly Runs[];
}

/** Where a block of the factors begins, and how many values of a row lie side by side. */
export interface BlockPlace {
  readonly a: wasm.Local;
  readonly b: wasm.Local;
  readonly depth: wasm.Local;
}

/** Sums of a block of rows and a panel of 4 or 8 outputs, [row][vector], and the code that computes them. */
export interface BlockProduct {
  readonly code: wasm.Code;
  readonly sums: readonly (readonly wasm.Local[])[];
  /** Holds the end of the right factor's panel afterwards. */
  readonly end: wasm.Local;
}

/**
 * a · b of a few rows and one panel, in registers.
 *
 * The innermost loop takes one channel at a time: V8 moves all loads of a loop's body before its arithmetic, so
 * that of a longer one (four channels and more) the registers overflow and half of the speed is lost. Of 4×8 and
 * eight other blocks, this one was fastest with separate multiplications and additions, and none faster with fused.
 */
export function blockProduct(
  locals: wasm.Locals,
  { a, b, depth }: BlockPlace,
  factor: LeftFactor,
  width: number,
  fused: boolean,
): BlockProduct {
  const [left, right] = [locals.integer(), locals.integer()];
  const columns = range(width / lanes);
  const sums = range(factor.rows).map(() => columns.map(() => locals.vector()));
  const weights = columns.map(() => locals.vector());
  const value = locals.vector();
  const accumulate = (sum: wasm.Local, column: number): wasm.Code => {
    const [x, w] = [get(value), get(weights[column]!)];
    return set(sum, fused ? wasm.multiplyAdd(x, w, get(sum)) : wasm.add(get(sum), wasm.multiply(x, w)));
  };
  const oneChannel = sequence(
    ...columns.map((column) => set(weights[column]!, load(get(right), column * vectorBytes))),
    ...sums.flatMap((row, index) => [
      set(value, wasm.loadSplat(get(left), index * factor.rowBytes)),
      ...row.map(accumulate),
    ]),
    advance(left, float),
    advance(right, columns.length * vectorBytes),
  );
  const code = sequence(
    ...sums.flat().map((sum) => set(sum, wasm.splat(0))),
    set(left, get(a)),
    set(right, get(b)),
    overRuns(locals, left, depth, factor.runs, oneChannel),
  );
  return { code, sums, end: right };
}

/** Goes through all runs of a row, value by value. */
function overRuns(
  locals: wasm.Locals,
  left: wasm.Local,
  depth: wasm.Local,
  runs: readonly Runs[],
  oneValue: wasm.Code,
): wasm.Code {
  const value = locals.integer();
  let code = sequence(set(value, get(depth)), countDown(value, oneValue));
  for (const { count, bytes } of [...runs].reverse()) {
    if (count === 1) continue;
    const start = locals.integer();
    const oneRun = sequence(code, advance(start, bytes), set(left, get(start)));
    code = sequence(set(start, get(left)), repeat(locals.integer(), count, oneRun));
  }
  return code;
}

/** Goes through all panels of a matrix of weights. */
export function overPanels(
  locals: wasm.Locals,
  { wide, narrow }: Panels<wasm.Local>,
  onePanel: (width: number) => wasm.Code,
): wasm.Code {
  const counter = locals.integer();
  return sequence(
    repeatAsSaid(counter, wide, onePanel(wideWidth)),
    repeatAsSaid(counter, narrow, onePanel(lanes)),
  );
}

/** Equal products of matrices, one per plane of transformed values. */
export interface Planes {
  readonly planes: number;
  /** Columns of the left factor, and of the product, as they lie in memory. */
  readonly inputs: number;
  readonly outputs: number;
  /** From one plane to the next, in bytes. */
  readonly inputPlane: number;
  readonly outputPlane: number;
}

/** Between planes, so that equal places of the planes do not fall on the same lines of the cache. */
const gap = 64;

/** Planes of so many rows, rounded up to whole blocks. */
export function planesOf(planes: number, rows: number, inputs: number, outputs: number): Planes {
  const whole = roundedUp(rows, blockRows);
  return {
    planes,
    inputs,
    outputs,
    inputPlane: whole * inputs * float + gap,
    outputPlane: whole * outputs * float + gap,
  };
}

/** Bytes of transformed inputs, and of both these and the products. */
export function planesBytes({ planes, inputPlane, outputPlane }: Planes): { inputs: number; all: number } {
  const inputs = roundedUp(planes * inputPlane, gap);
  return { inputs, all: inputs + roundedUp(planes * outputPlane, gap) };
}

/**
 * `multiply(inputs, kernel, products, blocks, depth, wide panels, narrow panels)`: products[plane] = inputs[plane] ·
 * kernel[plane] for so many blocks of rows; of the columns of `inputs` only `depth` count.
 */
export function multiplyFunction(planes: Planes, fused: boolean): wasm.WasmFunction {
  const { inputs, outputs, inputPlane, outputPlane } = planes;
  const locals = new wasm.Locals(7);
  const [source, kernel, products, blocks, depth, wide, narrow] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [block, target, a, c] = [locals.integer(), locals.integer(), locals.integer(), locals.integer()];
  const factor = { rows: blockRows, rowBytes: inputs * float, runs: [] };
  const onePanel = (width: number) => {
    const { code, sums, end } = blockProduct(locals, { a, b: kernel, depth }, factor, width, fused);
    const stores = sums.flatMap((row, index) =>
      row.map((sum, column) => store(get(c), get(sum), index * outputs * float + column * vectorBytes)),
    );
    const oneBlock = sequence(
      code,
      ...stores,
      advance(a, blockRows * inputs * float),
      advance(c, blockRows * outputs * float),
    );
    return sequence(
      set(a, get(source)),
      set(c, get(target)),
      set(block, get(blocks)),
      countDown(block, oneBlock),
      set(kernel, get(end)),
      advance(target, width * float),
    );
  };
  const onePlane = sequence(
    set(target, get(products)),
    overPanels(locals, { wide, narrow }, onePanel),
    advance(source, inputPlane),
    advance(products, outputPlane),
  );
  return { name: 'multiply', locals, body: repeat(locals.integer(), planes.planes, onePlane) };
}

/** What is left of a pixel of `outputs` values behind so many vectors, in bytes. */
export function restOf(outputs: number, vectors: wasm.Local): wasm.Code {
  return wasm.minus(wasm.integer(outputs * float), wasm.times(get(vectors), wasm.integer(vectorBytes)));
}
