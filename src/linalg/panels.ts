import {
  COLUMN_BLOCK,
  factorPlace,
  INNER_BLOCK,
  rightPlace,
  ROW_BLOCK,
  stripPlace,
  TILE,
} from './panelLayout';
import * as wasm from './wasm/assembler';
import { compiled } from './wasm/host';
import { packingOf } from './packingKernels';
import type { Panel } from './packing';
import type { Workspace } from './workspace';

const [single, double, vector] = [4, 8, 16];

/** Packed blocks of both factors of a product in a workspace, and what multiplies a few lines of them. */
export interface Panels {
  /** Lines of the left factor, four by four. */
  readonly left: Panel;
  /** Columns of the right factor, as many as a tile has. */
  readonly right: Panel;
  /** Four rows of sums, `COLUMN_BLOCK` apart. */
  readonly strip: Float64Array;
  /** strip = (4 left lines) · (right.group · tiles right lines), from these places of the panels on; depth, tiles ≥ 1. */
  multiply(leftStart: number, rightStart: number, depth: number, tiles: number): void;
  /**
   * Adds `factor` times the same to four rows of the workspace itself, from the double at `target` on, `stride` apart;
   * null where only WebAssembly's vectors would be worth it. Rounds as whoever adds the strip.
   */
  readonly accumulate:
    | ((
        product: readonly [leftStart: number, rightStart: number, depth: number, tiles: number],
        target: number,
        stride: number,
        factor: number,
      ) => void)
    | null;
}

/** How a kernel computes: lanes of floats or of doubles. */
interface Kind {
  readonly bytes: number;
  readonly splat: (address: wasm.Code, offset: number) => wasm.Code;
  readonly add: (a: wasm.Code, b: wasm.Code) => wasm.Code;
  readonly multiply: (a: wasm.Code, b: wasm.Code) => wasm.Code;
  /** A vector of sums as vectors of doubles. */
  readonly asDoubles: (sum: wasm.Local) => readonly wasm.Code[];
}

const doubles: Kind = {
  bytes: double,
  splat: wasm.loadDoubleSplat,
  add: wasm.addDoubles,
  multiply: wasm.multiplyDoubles,
  asDoubles: (sum) => [wasm.get(sum)],
};

const singles: Kind = {
  bytes: single,
  splat: wasm.loadSplat,
  add: wasm.add,
  multiply: wasm.multiply,
  asDoubles: (sum) => [wasm.toDoubles(wasm.get(sum)), wasm.toDoubles(wasm.upperHalf(wasm.get(sum)))],
};

/** Two vectors make a tile's row. */
const columnsOf = ({ bytes }: Kind) => (2 * vector) / bytes;

/** Compiled once; null where the machine lacks their instructions, or allows no WebAssembly. */
const modules = new Map<Kind, object | null>();

function moduleOf(kind: Kind): object | null {
  if (!modules.has(kind))
    modules.set(kind, compiled(wasm.assemble([tileFunction(kind, false), tileFunction(kind, true)])));
  return modules.get(kind)!;
}

/**
 * Double precision, on WebAssembly's vectors of two doubles where the machine has them. Both ways add up in the same
 * order and round alike, so they answer the same to the last bit.
 */
export function doublePanels(space: Workspace): Panels {
  return vectorPanels(space, doubles, Float64Array) ?? scriptPanels(space);
}

/** Single precision, which only WebAssembly's vectors make faster; null where there are none. */
export function singlePanels(space: Workspace): Panels | null {
  return vectorPanels(space, singles, Float32Array);
}

function vectorPanels(
  space: Workspace,
  kind: Kind,
  Entries: typeof Float64Array | typeof Float32Array,
): Panels | null {
  const module = moduleOf(kind);
  if (module === null) return null;
  const { multiply, accumulate } = space.program(module);
  const { buffer } = space.memory;
  const { bytes } = kind;
  const right = rightPlace * double;
  const factors = new Float64Array(buffer, factorPlace * double, 1);
  return {
    left: {
      values: new Entries(buffer, 0, ROW_BLOCK * INNER_BLOCK),
      group: TILE,
      packing: packingOf(space, bytes, TILE, 0),
    },
    right: {
      values: new Entries(buffer, right, COLUMN_BLOCK * INNER_BLOCK),
      group: columnsOf(kind),
      packing: packingOf(space, bytes, columnsOf(kind), right),
    },
    strip: new Float64Array(buffer, stripPlace * double, TILE * COLUMN_BLOCK),
    multiply: (leftStart, rightStart, depth, tiles) =>
      multiply(leftStart * bytes, right + rightStart * bytes, depth, tiles),
    accumulate: ([leftStart, rightStart, depth, tiles], target, stride, factor) => {
      factors[0] = factor;
      const rightAddress = right + rightStart * bytes;
      accumulate(leftStart * bytes, rightAddress, depth, tiles, target * double, stride * double);
    },
  };
}

/** Writes sums to the strip, or adds them, times the factor, to the target. */
function tileFunction(kind: Kind, isAdding: boolean): wasm.WasmFunction {
  const { get, set } = wasm;
  const locals = new wasm.Locals(isAdding ? 6 : 4);
  const [leftStart, right, depth, tiles, targetStart, stride] = [0, 1, 2, 3, 4, 5] as const;
  const [left, step] = [locals.integer(), locals.integer()];
  const targets = Array.from({ length: isAdding ? TILE : 1 }, () => locals.integer());
  const halves = [0, vector].map((offset) => ({ offset, value: locals.vector() }));
  const [line, factor] = [locals.vector(), locals.vector()];
  const rows = Array.from({ length: TILE }, () => halves.map(() => locals.vector()));
  const oneStep = wasm.sequence(
    ...halves.map(({ offset, value }) => set(value, wasm.load(get(right), offset))),
    ...rows.flatMap((sums, row) => [
      set(line, kind.splat(get(left), row * kind.bytes)),
      ...sums.map((sum, half) =>
        set(sum, kind.add(get(sum), kind.multiply(get(line), get(halves[half].value)))),
      ),
    ]),
    wasm.advance(left, TILE * kind.bytes),
    wasm.advance(right, 2 * vector),
  );
  const stores = rows.flatMap((sums, row) =>
    sums.flatMap(kind.asDoubles).map((sum, at) => {
      if (!isAdding) return wasm.store(get(targets[0]), sum, row * COLUMN_BLOCK * double + at * vector);
      const former = wasm.load(get(targets[row]), at * vector);
      const added = wasm.addDoubles(former, wasm.multiplyDoubles(get(factor), sum));
      return wasm.store(get(targets[row]), added, at * vector);
    }),
  );
  const oneTile = wasm.sequence(
    ...rows.flatMap((sums) => sums.map((sum) => set(sum, wasm.zeros))),
    set(left, get(leftStart)),
    set(step, get(depth)),
    wasm.countDown(step, oneStep),
    ...stores,
    ...targets.map((target) => wasm.advance(target, columnsOf(kind) * double)),
  );
  const starts = isAdding
    ? [
        set(factor, wasm.loadDoubleSplat(wasm.integer(factorPlace * double))),
        set(targets[0], get(targetStart)),
        ...targets.slice(1).map((target, row) => set(target, wasm.plus(get(targets[row]), get(stride)))),
      ]
    : [set(targets[0], wasm.integer(stripPlace * double))];
  return {
    name: isAdding ? 'accumulate' : 'multiply',
    locals,
    body: wasm.sequence(...starts, wasm.countDown(tiles, oneTile)),
  };
}

/** The same in JavaScript. */
export function scriptPanels(space: Workspace): Panels {
  const { buffer } = space.memory;
  const left = new Float64Array(buffer, 0, ROW_BLOCK * INNER_BLOCK);
  const right = new Float64Array(buffer, rightPlace * double, COLUMN_BLOCK * INNER_BLOCK);
  const strip = new Float64Array(buffer, stripPlace * double, TILE * COLUMN_BLOCK);
  return {
    left: { values: left, group: TILE, packing: null },
    right: { values: right, group: TILE, packing: null },
    ...{ strip, accumulate: null },
    multiply: (leftStart, rightStart, depth, tiles) => {
      for (let tile = 0; tile < tiles; tile++)
        multiplyTile({ left, right, strip }, leftStart, rightStart + tile * depth * TILE, depth, tile * TILE);
    },
  };
}

/** One tile, at a column of the strip; sixteen sums that V8 keeps in registers. */
function multiplyTile(
  { left, right, strip }: { left: Float64Array; right: Float64Array; strip: Float64Array },
  leftStart: number,
  rightStart: number,
  depth: number,
  column: number,
): void {
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
