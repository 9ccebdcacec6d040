import * as wasm from './wasm/assembler';

/** What is used of it; the pure folders are compiled without the browser's types. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly host: { readonly memory: object } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Columns that lie interleaved in one panel, and those that a tile takes from its left panel. */
const panelColumns = 8;
const tileRows = 4;
/** Rows whose products are summed in single precision before they are added up in double. */
const depth = 512;

const float = 4;
const pageBytes = 65_536;
const tileBytes = tileRows * panelColumns * float;
const panelBytes = depth * panelColumns * float;
const panelFloats = depth * panelColumns;

/** tile = (4 columns of a panel)ᵀ · (8 columns of another); addresses in bytes. */
type MultiplyColumns = (left: number, right: number) => void;

interface Kernel {
  readonly memory: WasmMemory;
  readonly multiply: MultiplyColumns;
}

let compiled: Kernel | null | undefined;

/** Whether {@link addColumnMoments} can be used here: it needs WebAssembly with vectors. */
export function hasColumnMoments(): boolean {
  compiled ??= compile(true) ?? compile(false);
  return compiled !== null;
}

/** @param fused the multiply-add of relaxed SIMD, which not every browser has */
function compile(fused: boolean): Kernel | null {
  const bytes = wasm.assemble([tileFunction(fused)]);
  try {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory } });
    return { memory, multiply: instance.exports.multiply as MultiplyColumns };
  } catch {
    return null;
  }
}

function tileFunction(fused: boolean): wasm.WasmFunction {
  const { get, set } = wasm;
  const locals = new wasm.Locals(2);
  const [left, right] = [0, 1];
  const counter = locals.integer();
  const halves = [0, 16].map((offset) => ({ offset, value: locals.vector() }));
  const line = locals.vector();
  const rows = Array.from({ length: tileRows }, (_, row) => ({
    row,
    sums: halves.map(() => locals.vector()),
  }));
  const addProduct = (sum: wasm.Local, a: wasm.Code, b: wasm.Code) =>
    set(sum, fused ? wasm.multiplyAdd(a, b, get(sum)) : wasm.add(get(sum), wasm.multiply(a, b)));
  const step = wasm.sequence(
    ...halves.map(({ offset, value }) => set(value, wasm.load(get(right), offset))),
    ...rows.flatMap(({ row, sums }) => [
      set(line, wasm.loadSplat(get(left), row * float)),
      ...sums.map((sum, half) => addProduct(sum, get(line), get(halves[half].value))),
    ]),
    wasm.advance(left, panelColumns * float),
    wasm.advance(right, panelColumns * float),
  );
  const results = rows.flatMap(({ row, sums }) =>
    sums.map((sum, half) =>
      wasm.store(wasm.integer(0), get(sum), row * panelColumns * float + halves[half].offset),
    ),
  );
  return { name: 'multiply', locals, body: wasm.sequence(wasm.repeat(counter, depth, step), ...results) };
}

/** A matrix of single precision, row-major, each column relative to a shift. */
export interface ShiftedColumns {
  /** rows × columns */
  readonly values: Float32Array;
  readonly columns: number;
  /** Subtracted, one per column. */
  readonly shift: Float64Array;
}

/** Running sums in double precision. */
export interface ColumnSums {
  /** leftᵀ · left, columns × columns, of which only entries up to the diagonal are touched; null leaves it out. */
  readonly gram: Float64Array | null;
  /** leftᵀ · right, left columns × right columns. */
  readonly cross: Float64Array;
}

/**
 * Adds second moments of columns to running sums: products of 512 rows each in single precision on
 * WebAssembly's vectors, added up in double. Half the work of a full product, since leftᵀ · left is symmetric.
 *
 * @param count rows of both
 * @throws RangeError where {@link hasColumnMoments} says no, or arrays are too short
 */
export function addColumnMoments(
  count: number,
  left: ShiftedColumns,
  right: ShiftedColumns,
  { gram, cross }: ColumnSums,
): void {
  if (!hasColumnMoments()) throw new RangeError('addColumnMoments: expected WebAssembly with vectors');
  if (left.values.length < count * left.columns || right.values.length < count * right.columns) {
    throw new RangeError(`addColumnMoments: expected ${count} rows, got fewer`);
  }
  const kernel = compiled!;
  const leftPanels = Math.ceil(left.columns / panelColumns);
  const rightPanels = Math.ceil(right.columns / panelColumns);
  const panels = room(kernel.memory, leftPanels + rightPanels);
  const leftAt = (panel: number) => tileBytes + panel * panelBytes;
  const rightAt = (panel: number) => leftAt(leftPanels + panel);
  for (let from = 0; from < count; from += depth) {
    const rows = Math.min(depth, count - from);
    pack(panels, 0, left, from, rows);
    pack(panels, leftPanels, right, from, rows);
    for (let i = 0; i < left.columns; i += tileRows) {
      const start = leftAt(Math.floor(i / panelColumns)) + (i % panelColumns) * float;
      for (let panel = 0; panel < rightPanels; panel++) {
        kernel.multiply(start, rightAt(panel));
        addTile(panels, cross, left.columns, right.columns, i, panel * panelColumns, false);
      }
      if (gram === null) continue;
      for (let panel = 0; panel * panelColumns < i + tileRows; panel++) {
        kernel.multiply(start, leftAt(panel));
        addTile(panels, gram, left.columns, left.columns, i, panel * panelColumns, true);
      }
    }
  }
}

/** All of the memory as floats, grown to hold so many panels behind the tile. */
function room(memory: WasmMemory, panels: number): Float32Array {
  const missing = tileBytes + panels * panelBytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  return new Float32Array(memory.buffer);
}

/** Copies rows into panels, shifted; what is missing of a panel is zeros. */
function pack(
  memory: Float32Array,
  firstPanel: number,
  matrix: ShiftedColumns,
  from: number,
  rows: number,
): void {
  const { columns } = matrix;
  for (let column = 0; column < columns; column += panelColumns) {
    const start = tileBytes / float + (firstPanel + column / panelColumns) * panelFloats;
    const width = Math.min(panelColumns, columns - column);
    if (width === panelColumns) packWhole(memory, start, matrix, from * columns + column, column, rows);
    else packPart(memory, start, matrix, from * columns + column, column, rows, width);
    if (rows < depth) memory.fill(0, start + rows * panelColumns, start + panelFloats);
  }
}

function packWhole(
  memory: Float32Array,
  start: number,
  { values, columns, shift }: ShiftedColumns,
  first: number,
  column: number,
  rows: number,
): void {
  const [s0, s1, s2, s3, s4, s5, s6, s7] = shift.subarray(column, column + panelColumns);
  const end = start + rows * panelColumns;
  for (let at = start, source = first; at < end; at += panelColumns, source += columns) {
    memory[at] = values[source] - s0;
    memory[at + 1] = values[source + 1] - s1;
    memory[at + 2] = values[source + 2] - s2;
    memory[at + 3] = values[source + 3] - s3;
    memory[at + 4] = values[source + 4] - s4;
    memory[at + 5] = values[source + 5] - s5;
    memory[at + 6] = values[source + 6] - s6;
    memory[at + 7] = values[source + 7] - s7;
  }
}

function packPart(
  memory: Float32Array,
  start: number,
  { values, columns, shift }: ShiftedColumns,
  first: number,
  column: number,
  rows: number,
  width: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let index = 0; index < panelColumns; index++) {
      const value = index < width ? values[first + row * columns + index] - shift[column + index] : 0;
      memory[start + row * panelColumns + index] = value;
    }
  }
}

function addTile(
  tile: Float32Array,
  sums: Float64Array,
  rows: number,
  columns: number,
  row: number,
  column: number,
  isLower: boolean,
): void {
  const lines = Math.min(tileRows, rows - row);
  const isWhole = column + panelColumns <= (isLower ? row + 1 : columns);
  if (lines === tileRows && isWhole) {
    addWholeTile(tile, sums, row * columns + column, columns);
    return;
  }
  for (let line = 0; line < lines; line++) {
    const width = Math.min(panelColumns, (isLower ? row + line + 1 : columns) - column);
    const at = (row + line) * columns + column;
    for (let index = 0; index < width; index++) sums[at + index] += tile[line * panelColumns + index];
  }
}

function addWholeTile(tile: Float32Array, sums: Float64Array, start: number, columns: number): void {
  for (let from = 0, at = start; from < tileRows * panelColumns; from += panelColumns, at += columns) {
    sums[at] += tile[from];
    sums[at + 1] += tile[from + 1];
    sums[at + 2] += tile[from + 2];
    sums[at + 3] += tile[from + 3];
    sums[at + 4] += tile[from + 4];
    sums[at + 5] += tile[from + 5];
    sums[at + 6] += tile[from + 6];
    sums[at + 7] += tile[from + 7];
  }
}
