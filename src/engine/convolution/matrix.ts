import * as wasm from '../../linalg/wasm/assembler';
import { float, lanes, range, roundedUp, vectorBytes } from './code';

const { get, set, load, store, repeat, countDown, advance, sequence } = wasm;

/** Rows of the matrix product's block. */
export const blockRows = 4;

/** Outputs side by side: as many panels of 8 as there are, and one of 4. */
interface Panels {
  readonly wide: number;
  readonly narrow: number;
}

const wideWidth = 2 * lanes;

function panelsOf(outputs: number): Panels {
  return { wide: Math.floor(outputs / wideWidth), narrow: outputs % wideWidth === 0 ? 0 : 1 };
}

/**
 * Lays a matrix of weights out as the product reads it: panel by panel of 8 columns (4 for the last where no
 * more are left), each row by row.
 *
 * @param columns filled up with zeros to a multiple of 4
 */
export function packPanels(
  rows: number,
  columns: number,
  value: (row: number, column: number) => number,
): Float32Array {
  const padded = roundedUp(columns, lanes);
  const packed = new Float32Array(rows * padded);
  for (let column = 0; column < columns; column++) {
    const start = column - (column % wideWidth);
    const width = Math.min(wideWidth, padded - start);
    for (let row = 0; row < rows; row++) {
      packed[start * rows + row * width + (column - start)] = value(row, column);
    }
  }
  return packed;
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
  /** Values of a row that lie side by side. */
  readonly depth: number;
}

/** Addresses of a block of the factors. */
export interface BlockAddresses {
  readonly a: wasm.Local;
  readonly b: wasm.Local;
}

/** Sums of a block of 4 rows and a panel of 4 or 8 outputs, [row][vector], and the code that computes them. */
export interface BlockProduct {
  readonly code: wasm.Code;
  readonly sums: readonly (readonly wasm.Local[])[];
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
  { a, b }: BlockAddresses,
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
    nested(locals, left, factor, oneChannel),
  );
  return { code, sums };
}

/** Goes through all runs of a row, value by value. */
function nested(
  locals: wasm.Locals,
  left: wasm.Local,
  { runs, depth }: LeftFactor,
  oneValue: wasm.Code,
): wasm.Code {
  let code = repeat(locals.integer(), depth, oneValue);
  let covered = depth * float;
  for (const { count, bytes } of [...runs].reverse()) {
    if (count > 1) {
      code = repeat(locals.integer(), count, sequence(code, advance(left, bytes - covered)));
      covered = count * bytes;
    }
  }
  return code;
}

/** Goes through all panels of a matrix of weights. */
export function overPanels(
  locals: wasm.Locals,
  outputs: number,
  onePanel: (width: number) => wasm.Code,
): wasm.Code {
  const { wide, narrow } = panelsOf(outputs);
  return sequence(
    wide > 0 ? repeat(locals.integer(), wide, onePanel(wideWidth)) : [],
    narrow > 0 ? onePanel(lanes) : [],
  );
}

/** Equal products of matrices, one per plane of transformed values; all sizes in bytes but the counts. */
export interface Planes {
  readonly planes: number;
  /** Columns of the left factor that count. */
  readonly depth: number;
  /** Columns of the left factor as it lies in memory, and of the product. */
  readonly inputs: number;
  readonly outputs: number;
  /** From one plane to the next. */
  readonly inputPlane: number;
  readonly outputPlane: number;
}

/** Between planes, so that equal places of the planes do not fall on the same lines of the cache. */
const gap = 64;

/** Planes of so many rows, rounded up to whole blocks. */
export function planesOf(
  planes: number,
  rows: number,
  depth: number,
  inputs: number,
  outputs: number,
): Planes {
  const whole = roundedUp(rows, blockRows);
  return {
    planes,
    depth,
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

/** `multiply(inputs, kernel, products, blocks)`: products[plane] = inputs[plane] · kernel[plane], 4 rows a block. */
export function multiplyFunction(planes: Planes, fused: boolean): wasm.WasmFunction {
  const { depth, inputs, outputs, inputPlane, outputPlane } = planes;
  const locals = new wasm.Locals(4);
  const [source, kernel, target, blocks] = [0, 1, 2, 3] as const;
  const [plane, block, a, c] = [locals.integer(), locals.integer(), locals.integer(), locals.integer()];
  const factor = { rows: blockRows, rowBytes: inputs * float, runs: [], depth };
  const onePanel = (width: number) => {
    const { code, sums } = blockProduct(locals, { a, b: kernel }, factor, width, fused);
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
      advance(kernel, depth * width * float),
      advance(target, width * float),
    );
  };
  const onePlane = sequence(
    overPanels(locals, outputs, onePanel),
    advance(source, inputPlane),
    advance(target, outputPlane - outputs * float),
  );
  return { name: 'multiply', locals, body: repeat(plane, planes.planes, onePlane) };
}
