import { COLUMN_BLOCK, INNER_BLOCK, ROW_BLOCK, TILE } from './panels';
import * as wasm from './wasm/assembler';
import { compiled, openMemory, programOf } from './wasm/host';

/** Columns of a tile: two vectors of four floats. */
export const WIDE_TILE = 8;

const [single, double, vector] = [4, 8, 16];
const leftBytes = ROW_BLOCK * INNER_BLOCK * single;
const rightBytes = COLUMN_BLOCK * INNER_BLOCK * single;

/** The parts of a product in single precision, which only WebAssembly's vectors make faster. */
export interface SinglePanels {
  /** Lines of the left factor, four by four, interleaved. */
  readonly left: Float32Array;
  /** Columns of the right factor, eight by eight, interleaved. */
  readonly right: Float32Array;
  /** Four rows of sums, `COLUMN_BLOCK` apart. */
  readonly strip: Float64Array;
  /** strip = (4 left lines) · (8 · tiles first right columns), each at least 1. */
  multiply(leftStart: number, depth: number, tiles: number): void;
}

/** null where there are no vectors, or no WebAssembly is allowed. */
export const singlePanels: SinglePanels | null = openPanels();

function openPanels(): SinglePanels | null {
  const module = compiled(wasm.assemble([multiplyFunction()]));
  if (module === null) return null;
  const memory = openMemory(leftBytes + rightBytes + TILE * COLUMN_BLOCK * double);
  const { multiply } = programOf(module, memory);
  return {
    left: new Float32Array(memory.buffer, 0, leftBytes / single),
    right: new Float32Array(memory.buffer, leftBytes, rightBytes / single),
    strip: new Float64Array(memory.buffer, leftBytes + rightBytes, TILE * COLUMN_BLOCK),
    multiply: (leftStart, depth, tiles) => multiply(leftStart * single, depth, tiles),
  };
}

function multiplyFunction(): wasm.WasmFunction {
  const { get, set, load, add, multiply } = wasm;
  const locals = new wasm.Locals(3);
  const [leftStart, depth, tiles] = [0, 1, 2] as const;
  const [left, right, target, step] = [0, 1, 2, 3].map(() => locals.integer());
  const halves = [0, vector].map((offset) => ({ offset, value: locals.vector() }));
  const line = locals.vector();
  const rows = Array.from({ length: TILE }, (_, row) => ({ row, sums: halves.map(() => locals.vector()) }));
  const oneStep = wasm.sequence(
    ...halves.map(({ offset, value }) => set(value, load(get(right), offset))),
    ...rows.flatMap(({ row, sums }) => [
      set(line, wasm.loadSplat(get(left), row * single)),
      ...sums.map((sum, half) => set(sum, add(get(sum), multiply(get(line), get(halves[half].value))))),
    ]),
    wasm.advance(left, TILE * single),
    wasm.advance(right, WIDE_TILE * single),
  );
  const stores = rows.flatMap(({ row, sums }) =>
    sums.flatMap((sum, half) => {
      const place = row * COLUMN_BLOCK * double + half * 2 * vector;
      return [
        wasm.store(get(target), wasm.toDoubles(get(sum)), place),
        wasm.store(get(target), wasm.toDoubles(wasm.upperHalf(get(sum))), place + vector),
      ];
    }),
  );
  const oneTile = wasm.sequence(
    ...rows.flatMap(({ sums }) => sums.map((sum) => set(sum, wasm.zeros))),
    set(left, get(leftStart)),
    set(step, get(depth)),
    wasm.countDown(step, oneStep),
    ...stores,
    wasm.advance(target, WIDE_TILE * double),
  );
  const body = wasm.sequence(
    set(right, wasm.integer(leftBytes)),
    set(target, wasm.integer(leftBytes + rightBytes)),
    wasm.countDown(tiles, oneTile),
  );
  return { name: 'multiply', locals, body };
}
