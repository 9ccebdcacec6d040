import * as wasm from './wasm/assembler';
import { compiled, openMemory, programOf } from './wasm/host';

// A 4×4 tile of the result stays in registers while it runs along packed panels. A block of the left factor
// (64 KiB) and one of the right (512 KiB) stay in the second-level cache.
export const TILE = 4;
export const INNER_BLOCK = 256;
export const ROW_BLOCK = 32;
export const COLUMN_BLOCK = 256;

const double = 8;
const leftBytes = ROW_BLOCK * INNER_BLOCK * double;
const rightBytes = COLUMN_BLOCK * INNER_BLOCK * double;
const stripBytes = TILE * COLUMN_BLOCK * double;

// One set of buffers for each thread; a product never runs inside another.
const memory = openMemory(leftBytes + rightBytes + stripBytes);
/** Lines of the left factor, four by four, interleaved. */
export const leftPanels = new Float64Array(memory.buffer, 0, leftBytes / double);
/** The same of the right factor's columns. */
export const rightPanels = new Float64Array(memory.buffer, leftBytes, rightBytes / double);
/** What {@link multiplyPanels} answers: four rows, `COLUMN_BLOCK` apart. */
export const strip = new Float64Array(memory.buffer, leftBytes + rightBytes, TILE * COLUMN_BLOCK);

/**
 * strip = (4 left lines) · (4 · tiles right lines), from these places of the panels on, over a depth of at least 1 and
 * for at least one tile.
 */
export type MultiplyPanels = (leftStart: number, rightStart: number, depth: number, tiles: number) => void;

/**
 * The product on WebAssembly's vectors of two doubles where the machine has them. Both ways add up in the same
 * order and round alike, so they answer the same to the last bit.
 */
export const multiplyPanels: MultiplyPanels = vectorised() ?? multiplyInScript;

/** null where there are no vectors, or no WebAssembly is allowed. */
export function vectorised(): MultiplyPanels | null {
  const module = compiled(wasm.assemble([panelFunction()]));
  if (module === null) return null;
  const { multiply } = programOf(module, memory);
  return (leftStart, rightStart, depth, tiles) =>
    multiply(leftStart * double, leftBytes + rightStart * double, depth, tiles);
}

function panelFunction(): wasm.WasmFunction {
  const { add, get, set } = { add: wasm.addDoubles, get: wasm.get, set: wasm.set };
  const locals = new wasm.Locals(4);
  const [leftStart, right, depth, tiles] = [0, 1, 2, 3];
  const [left, target, step] = [locals.integer(), locals.integer(), locals.integer()];
  const halves = [0, 16].map((offset) => ({ offset, value: locals.vector() }));
  const line = locals.vector();
  const rows = Array.from({ length: TILE }, (_, row) => ({ row, sums: halves.map(() => locals.vector()) }));
  const oneStep = wasm.sequence(
    ...halves.map(({ offset, value }) => set(value, wasm.load(get(right), offset))),
    ...rows.flatMap(({ row, sums }) => [
      set(line, wasm.loadDoubleSplat(get(left), row * double)),
      ...sums.map((sum, half) =>
        set(sum, add(get(sum), wasm.multiplyDoubles(get(line), get(halves[half].value)))),
      ),
    ]),
    wasm.advance(left, TILE * double),
    wasm.advance(right, TILE * double),
  );
  const oneTile = wasm.sequence(
    ...rows.flatMap(({ sums }) => sums.map((sum) => set(sum, wasm.zeros))),
    set(left, get(leftStart)),
    set(step, get(depth)),
    wasm.countDown(step, oneStep),
    ...rows.flatMap(({ row, sums }) =>
      sums.map((sum, half) =>
        wasm.store(get(target), get(sum), row * COLUMN_BLOCK * double + halves[half].offset),
      ),
    ),
    wasm.advance(target, TILE * double),
  );
  const start = set(target, wasm.integer(leftBytes + rightBytes));
  return { name: 'multiply', locals, body: wasm.sequence(start, wasm.countDown(tiles, oneTile)) };
}

/** The same in JavaScript. */
export function multiplyInScript(leftStart: number, rightStart: number, depth: number, tiles: number): void {
  for (let tile = 0; tile < tiles; tile++) {
    multiplyTile(leftStart, rightStart + tile * depth * TILE, depth, tile * TILE);
  }
}

/** One tile, at a column of the strip; sixteen sums that V8 keeps in registers. */
function multiplyTile(leftStart: number, rightStart: number, depth: number, column: number): void {
  const left = leftPanels;
  const right = rightPanels;
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0;
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0;
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  const end = leftStart + depth * TILE;
  for (let p = leftStart, q = rightStart; p < end; p += TILE, q += TILE) {
    const r0 = right[q],
      r1 = right[q + 1],
      r2 = right[q + 2],
      r3 = right[q + 3];
    const l0 = left[p];
    s00 += l0 * r0;
    s01 += l0 * r1;
    s02 += l0 * r2;
    s03 += l0 * r3;
    const l1 = left[p + 1];
    s10 += l1 * r0;
    s11 += l1 * r1;
    s12 += l1 * r2;
    s13 += l1 * r3;
    const l2 = left[p + 2];
    s20 += l2 * r0;
    s21 += l2 * r1;
    s22 += l2 * r2;
    s23 += l2 * r3;
    const l3 = left[p + 3];
    s30 += l3 * r0;
    s31 += l3 * r1;
    s32 += l3 * r2;
    s33 += l3 * r3;
  }
  strip[column] = s00;
  strip[column + 1] = s01;
  strip[column + 2] = s02;
  strip[column + 3] = s03;
  strip[column + COLUMN_BLOCK] = s10;
  strip[column + COLUMN_BLOCK + 1] = s11;
  strip[column + COLUMN_BLOCK + 2] = s12;
  strip[column + COLUMN_BLOCK + 3] = s13;
  strip[column + 2 * COLUMN_BLOCK] = s20;
  strip[column + 2 * COLUMN_BLOCK + 1] = s21;
  strip[column + 2 * COLUMN_BLOCK + 2] = s22;
  strip[column + 2 * COLUMN_BLOCK + 3] = s23;
  strip[column + 3 * COLUMN_BLOCK] = s30;
  strip[column + 3 * COLUMN_BLOCK + 1] = s31;
  strip[column + 3 * COLUMN_BLOCK + 2] = s32;
  strip[column + 3 * COLUMN_BLOCK + 3] = s33;
}
