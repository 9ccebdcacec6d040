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
   * y += A·x, A symmetric with 4 · groups rows, `stride` apart, of which only the lower triangle is read. Four rows at a
   * time, as rows and, mirrored, as columns; sums of even and odd places apart, then the 4×4 corner on the diagonal.
   */
  symmetric(matrix: number, stride: number, groups: number, x: number, y: number): void;
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
  module ??= compiled(wasm.assemble([symmetricFunction(), twoDotsFunction(), subtractTwoFunction()]));
  if (module === null) return null;
  const { space, values } = roomFor(count);
  const { symmetric, twoDots, subtractTwo } = space.program(module);
  const at = (place: number) => values.byteOffset + place * double;
  return {
    values,
    symmetric: (matrix, stride, groups, x, y) => {
      if (groups > 0) symmetric(at(matrix), stride * double, groups, at(x), at(y));
    },
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

function symmetricFunction(): wasm.WasmFunction {
  const locals = new wasm.Locals(5);
  const [start, stride, groups, x, y] = [0, 1, 2, 3, 4] as const;
  const rows = [0, 1, 2, 3].map(() => locals.integer());
  const [fromX, fromY, cornerX, pairs, left] = [0, 1, 2, 3, 4].map(() => locals.integer()) as Five;
  const weights = rows.map(() => locals.vector());
  const sums = rows.map(() => locals.vector());
  const entries = rows.map(() => locals.vector());
  const other = locals.vector();
  const weighted = entries.map((entry, index) => multiply(get(entry), get(weights[index])));
  const columns = add(add(weighted[0], weighted[1]), add(weighted[2], weighted[3]));
  const onePair = sequence(
    ...rows.map((pointer, index) => set(entries[index], load(get(pointer)))),
    set(other, load(get(fromX))),
    ...sums.map((sum, index) => set(sum, add(get(sum), multiply(get(entries[index]), get(other))))),
    store(get(fromY), add(load(get(fromY)), columns)),
    ...[...rows, fromX, fromY].map((pointer) => advance(pointer, step)),
  );
  // Behind the pairs all pointers are at the corner.
  const corner = rows.map((_, r) => {
    const lanes = wasm.addDouble(wasm.doubleOf(get(sums[r]), 0), wasm.doubleOf(get(sums[r]), 1));
    const sum = rows.reduce((former: wasm.Code, __, c) => {
      const entry = wasm.loadDouble(get(rows[Math.max(r, c)]), Math.min(r, c) * double);
      return wasm.addDouble(former, wasm.multiplyDouble(entry, wasm.loadDouble(get(fromX), c * double)));
    }, lanes);
    const before = wasm.loadDouble(get(fromY), r * double);
    return wasm.storeDouble(get(fromY), wasm.addDouble(before, sum), r * double);
  });
  const oneGroup = sequence(
    set(rows[0], get(start)),
    ...rows.slice(1).map((pointer, index) => set(pointer, wasm.plus(get(rows[index]), get(stride)))),
    set(fromX, get(x)),
    set(fromY, get(y)),
    ...weights.map((weight, index) => set(weight, loadDoubleSplat(get(cornerX), index * double))),
    ...sums.map((sum) => set(sum, wasm.zeros)),
    wasm.repeatAsSaid(left, pairs, onePair),
    ...corner,
    advance(pairs, 2),
    advance(cornerX, 4 * double),
    set(start, wasm.plus(get(rows[3]), wasm.minus(get(stride), wasm.times(get(pairs), wasm.integer(step))))),
    advance(start, 2 * step),
  );
  const body = sequence(set(cornerX, get(x)), wasm.countDown(groups, oneGroup));
  return { name: 'symmetric', locals, body };
}

type Five = [number, number, number, number, number];

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
    symmetric: (matrix, stride, groups, x, y) => {
      for (let group = 0; group < groups; group++)
        addFourRows(values, matrix + 4 * group * stride, stride, 4 * group, x, y);
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

/** What four rows, of which so many entries are left of the corner on the diagonal, add to the product. */
function addFourRows(
  values: Float64Array,
  first: number,
  stride: number,
  before: number,
  x: number,
  y: number,
): void {
  const sums = new Float64Array(4 * lanes);
  const corner = x + before;
  for (let j = 0; j < before; j++) {
    const [at, lane] = [first + j, j % lanes];
    const [a0, a1] = [values[at], values[at + stride]];
    const [a2, a3] = [values[at + 2 * stride], values[at + 3 * stride]];
    sums[lane] += a0 * values[x + j];
    sums[lane + 2] += a1 * values[x + j];
    sums[lane + 4] += a2 * values[x + j];
    sums[lane + 6] += a3 * values[x + j];
    values[y + j] +=
      a0 * values[corner] + a1 * values[corner + 1] + (a2 * values[corner + 2] + a3 * values[corner + 3]);
  }
  for (let r = 0; r < 4; r++) {
    let sum = sums[2 * r] + sums[2 * r + 1];
    for (let c = 0; c < 4; c++) {
      const [row, column] = r < c ? [c, r] : [r, c];
      sum += values[first + row * stride + before + column] * values[corner + c];
    }
    values[y + before + r] += sum;
  }
}
