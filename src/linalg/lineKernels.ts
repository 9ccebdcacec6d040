import * as wasm from './wasm/assembler';
import { compiled } from './wasm/host';
import { Workspace, workspace } from './workspace';

/** Values of a vector. */
const lanes = 2;
const double = 8;

/**
 * Steps over lines of doubles, pair by pair, in one array; places are indices into it. Lines must not overlap what is
 * written.
 */
export interface LineKernels {
  readonly values: Float64Array;
  /**
   * Four rows of a symmetric matrix, `stride` apart, left of the diagonal, where row 0 meets it after so many pairs:
   * adds their columns, weighted by the four values of x from there on, to y; result = the sums of every row's
   * products with x, [row][even or odd columns].
   */
  fourRows(row: number, stride: number, pairs: number, x: number, y: number, result: number): void;
  /** result = a · x and b · x, [line][even or odd places]. */
  twoDots(x: number, a: number, b: number, pairs: number, result: number): void;
  /** target −= f₀ · x + f₁ · y, the factors at `factors`. */
  subtractTwo(target: number, x: number, y: number, pairs: number, factors: number): void;
}

/** So many doubles, all zero, and the kernels that work there: on WebAssembly's vectors where the machine has them. */
export function openLines(count: number): LineKernels {
  return vectorLines(count) ?? scriptLines(count);
}

/** The module is compiled once; null where the machine lacks its instructions. */
let module: object | null | undefined;

/** In the workspace where it has room; null where there are no vectors, or no WebAssembly is allowed. */
export function vectorLines(count: number): LineKernels | null {
  module ??= compiled(wasm.assemble([fourRowsFunction(), twoDotsFunction(), subtractTwoFunction()]));
  if (module === null) return null;
  const { space, values } = roomFor(count);
  const { fourRows, twoDots, subtractTwo } = space.program(module);
  const at = (place: number) => values.byteOffset + place * double;
  return {
    values,
    fourRows: (row, stride, pairs, x, y, result) =>
      fourRows(at(row), stride * double, pairs, at(x), at(y), at(result)),
    twoDots: (x, a, b, pairs, result) => twoDots(at(x), at(a), at(b), pairs, at(result)),
    subtractTwo: (target, x, y, pairs, factors) => subtractTwo(at(target), at(x), at(y), pairs, at(factors)),
  };
}

function roomFor(count: number): { readonly space: Workspace; readonly values: Float64Array } {
  const open = workspace();
  const values = open.take(count);
  if (values) return { space: open, values };
  const own = new Workspace(count + (count % 2));
  return { space: own, values: own.take(count)! };
}

const { get, set, load, loadDoubleSplat, store, advance, countDown, sequence } = wasm;
const { addDoubles: add, multiplyDoubles: multiply, subtractDoubles: subtract } = wasm;
const step = lanes * double;

function fourRowsFunction(): wasm.WasmFunction {
  const locals = new wasm.Locals(6);
  const [row, stride, pairs, x, y, result] = [0, 1, 2, 3, 4, 5] as const;
  const rows = [row, locals.integer(), locals.integer(), locals.integer()];
  const corner = locals.integer();
  const weights = rows.map(() => locals.vector());
  const sums = rows.map(() => locals.vector());
  const entries = rows.map(() => locals.vector());
  const other = locals.vector();
  const weighted = entries.map((entry, index) => multiply(get(entry), get(weights[index])));
  const columns = add(add(weighted[0], weighted[1]), add(weighted[2], weighted[3]));
  const onePair = sequence(
    ...rows.map((pointer, index) => set(entries[index], load(get(pointer)))),
    set(other, load(get(x))),
    ...sums.map((sum, index) => set(sum, add(get(sum), multiply(get(entries[index]), get(other))))),
    store(get(y), add(load(get(y)), columns)),
    ...[...rows, x, y].map((pointer) => advance(pointer, step)),
  );
  const body = sequence(
    ...rows.slice(1).map((pointer, index) => set(pointer, wasm.plus(get(rows[index]), get(stride)))),
    set(corner, wasm.plus(get(x), wasm.times(get(pairs), wasm.integer(step)))),
    ...weights.map((weight, index) => set(weight, loadDoubleSplat(get(corner), index * double))),
    ...sums.map((sum) => set(sum, wasm.zeros)),
    countDown(pairs, onePair),
    ...sums.map((sum, index) => store(get(result), get(sum), index * step)),
  );
  return { name: 'fourRows', locals, body };
}

function twoDotsFunction(): wasm.WasmFunction {
  const locals = new wasm.Locals(5);
  const [x, a, b, pairs, result] = [0, 1, 2, 3, 4] as const;
  const lines = [a, b];
  const sums = lines.map(() => locals.vector());
  const other = locals.vector();
  const onePair = sequence(
    set(other, load(get(x))),
    ...lines.map((line, index) =>
      set(sums[index], add(get(sums[index]), multiply(load(get(line)), get(other)))),
    ),
    ...[x, a, b].map((pointer) => advance(pointer, step)),
  );
  const body = sequence(
    ...sums.map((sum) => set(sum, wasm.zeros)),
    countDown(pairs, onePair),
    ...sums.map((sum, index) => store(get(result), get(sum), index * step)),
  );
  return { name: 'twoDots', locals, body };
}

function subtractTwoFunction(): wasm.WasmFunction {
  const locals = new wasm.Locals(5);
  const [target, x, y, pairs, factors] = [0, 1, 2, 3, 4] as const;
  const [first, second] = [locals.vector(), locals.vector()];
  const taken = add(multiply(get(first), load(get(x))), multiply(get(second), load(get(y))));
  const onePair = sequence(
    store(get(target), subtract(load(get(target)), taken)),
    ...[target, x, y].map((pointer) => advance(pointer, step)),
  );
  const body = sequence(
    set(first, loadDoubleSplat(get(factors))),
    set(second, loadDoubleSplat(get(factors), double)),
    countDown(pairs, onePair),
  );
  return { name: 'subtractTwo', locals, body };
}

/** The same in JavaScript; both ways add up in the same order and round alike. */
export function scriptLines(count: number): LineKernels {
  const values = new Float64Array(count);
  return {
    values,
    fourRows: (row, stride, pairs, x, y, result) => {
      values.fill(0, result, result + 4 * lanes);
      const corner = x + lanes * pairs;
      for (let j = 0; j < lanes * pairs; j++) {
        const [at, lane] = [row + j, result + (j % lanes)];
        const [a0, a1] = [values[at], values[at + stride]];
        const [a2, a3] = [values[at + 2 * stride], values[at + 3 * stride]];
        values[lane] += a0 * values[x + j];
        values[lane + 2] += a1 * values[x + j];
        values[lane + 4] += a2 * values[x + j];
        values[lane + 6] += a3 * values[x + j];
        values[y + j] +=
          a0 * values[corner] + a1 * values[corner + 1] + (a2 * values[corner + 2] + a3 * values[corner + 3]);
      }
    },
    twoDots: (x, a, b, pairs, result) => {
      values.fill(0, result, result + 2 * lanes);
      for (let j = 0; j < lanes * pairs; j++) {
        const lane = result + (j % lanes);
        values[lane] += values[a + j] * values[x + j];
        values[lane + lanes] += values[b + j] * values[x + j];
      }
    },
    subtractTwo: (target, x, y, pairs, factors) => {
      const [first, second] = [values[factors], values[factors + 1]];
      for (let j = 0; j < lanes * pairs; j++) {
        values[target + j] -= first * values[x + j] + second * values[y + j];
      }
    },
  };
}
