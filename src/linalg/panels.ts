import * as wasm from './wasm/assembler';

/** What is used of it; the pure folders are compiled without the browser's types. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly host: { readonly memory: object } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

// A 4×4 tile of the result stays in registers while it runs along packed panels. A block of the left factor
// (64 KiB) and one of the right (512 KiB) stay in the second-level cache.
export const TILE = 4;
export const INNER_BLOCK = 256;
export const ROW_BLOCK = 32;
export const COLUMN_BLOCK = 256;

const double = 8;
const leftBytes = ROW_BLOCK * INNER_BLOCK * double;
const rightBytes = COLUMN_BLOCK * INNER_BLOCK * double;
const tileBytes = TILE * TILE * double;
const pageBytes = 65_536;

// One set of buffers for each thread; a product never runs inside another.
const memory = new WebAssembly.Memory({
  initial: Math.ceil((leftBytes + rightBytes + tileBytes) / pageBytes),
});
/** Lines of the left factor, four by four, interleaved. */
export const leftPanels = new Float64Array(memory.buffer, 0, leftBytes / double);
/** The same of the right factor's columns. */
export const rightPanels = new Float64Array(memory.buffer, leftBytes, rightBytes / double);
/** What {@link multiplyPanels} answers, row by row. */
export const tile = new Float64Array(memory.buffer, leftBytes + rightBytes, TILE * TILE);

/** tile = (4 left lines) · (4 right lines), from these places of the panels on, over a depth of at least 1. */
export type MultiplyPanels = (leftStart: number, rightStart: number, depth: number) => void;

/**
 * The product on WebAssembly's vectors of two doubles where the machine has them. Both ways add up in the same
 * order and round alike, so they answer the same to the last bit.
 */
export const multiplyPanels: MultiplyPanels = vectorised() ?? multiplyInScript;

/** null where there are no vectors, or no WebAssembly is allowed. */
export function vectorised(): MultiplyPanels | null {
  const bytes = wasm.assemble([panelFunction()]);
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory } });
    const multiply = instance.exports.multiply as (left: number, right: number, depth: number) => void;
    return (leftStart, rightStart, depth) =>
      multiply(leftStart * double, leftBytes + rightStart * double, depth);
  } catch {
    return null;
  }
}

function panelFunction(): wasm.WasmFunction {
  const { add, get, set } = { add: wasm.addDoubles, get: wasm.get, set: wasm.set };
  const locals = new wasm.Locals(3);
  const [left, right, depth] = [0, 1, 2];
  const halves = [0, 16].map((offset) => ({ offset, value: locals.vector() }));
  const line = locals.vector();
  const rows = Array.from({ length: TILE }, (_, row) => ({ row, sums: halves.map(() => locals.vector()) }));
  const step = wasm.sequence(
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
  const target = wasm.integer(leftBytes + rightBytes);
  const results = rows.flatMap(({ row, sums }) =>
    sums.map((sum, half) => wasm.store(target, get(sum), row * TILE * double + halves[half].offset)),
  );
  return { name: 'multiply', locals, body: wasm.sequence(wasm.countDown(depth, step), ...results) };
}

/** The same in JavaScript; sixteen sums that V8 keeps in registers. */
export function multiplyInScript(leftStart: number, rightStart: number, depth: number): void {
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
  tile[0] = s00;
  tile[1] = s01;
  tile[2] = s02;
  tile[3] = s03;
  tile[4] = s10;
  tile[5] = s11;
  tile[6] = s12;
  tile[7] = s13;
  tile[8] = s20;
  tile[9] = s21;
  tile[10] = s22;
  tile[11] = s23;
  tile[12] = s30;
  tile[13] = s31;
  tile[14] = s32;
  tile[15] = s33;
}
