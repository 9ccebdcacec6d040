import { TILE } from './panelLayout';
import * as wasm from './wasm/assembler';
import { compiled } from './wasm/host';
import type { Workspace } from './workspace';

const [double, vector] = [8, 16];

/** Copies doubles of a workspace between each other, as a product reads them; places are in doubles. */
export interface Packing {
  /** Four lines, `stride` apart, whose entries lie side by side: an even number of them, to `step` entries apart. */
  lines(source: number, stride: number, depth: number, target: number, step: number): void;
  /** So many groups of lines that lie side by side themselves, `stride` from one entry to the next. */
  columns(source: number, stride: number, depth: number, groups: number, target: number): void;
}

/** Compiled once for each width of an entry and of a group. */
const modules = new Map<string, object | null>();

/**
 * Packing into panels of entries of so many bytes, floats (4) or doubles (8), in groups of four or eight lines.
 *
 * @param targetStart where the panels begin, in bytes
 * @returns null where the machine has no vectors, or allows no WebAssembly
 */
export function packingOf(
  space: Workspace,
  bytes: number,
  group: number,
  targetStart: number,
): Packing | null {
  const key = `${bytes} ${group}`;
  if (!modules.has(key))
    modules.set(key, compiled(wasm.assemble([linesFunction(bytes), columnsFunction(bytes, group)])));
  const module = modules.get(key)!;
  if (module === null) return null;
  const { lines, columns } = space.program(module);
  return {
    lines: (source, stride, depth, target, step) =>
      lines(source * double, stride * double, depth / 2, targetStart + target * bytes, step * bytes),
    columns: (source, stride, depth, groups, target) =>
      columns(source * double, stride * double, depth, groups, targetStart + target * bytes),
  };
}

/** Four entries, which two vectors of doubles hold, at an address. */
function storeFour(bytes: number, address: wasm.Code, values: readonly wasm.Code[], offset = 0): wasm.Code {
  const [first, second] = values as [wasm.Code, wasm.Code];
  return bytes === double
    ? wasm.sequence(wasm.store(address, first, offset), wasm.store(address, second, offset + vector))
    : wasm.store(address, wasm.firstHalves(wasm.toFloats(first), wasm.toFloats(second)), offset);
}

function linesFunction(bytes: number): wasm.WasmFunction {
  const { get, set } = wasm;
  const locals = new wasm.Locals(5);
  const [source, stride, pairs, target, step] = [0, 1, 2, 3, 4] as const;
  const lines = [source, locals.integer(), locals.integer(), locals.integer()];
  const values = lines.map(() => locals.vector());
  const [a, b, c, d] = values.map(get) as [wasm.Code, wasm.Code, wasm.Code, wasm.Code];
  const onePair = wasm.sequence(
    ...lines.map((line, at) => set(values[at], wasm.load(get(line)))),
    storeFour(bytes, get(target), [wasm.firstHalves(a, b), wasm.firstHalves(c, d)]),
    set(target, wasm.plus(get(target), get(step))),
    storeFour(bytes, get(target), [wasm.lastHalves(a, b), wasm.lastHalves(c, d)]),
    set(target, wasm.plus(get(target), get(step))),
    ...lines.map((line) => wasm.advance(line, vector)),
  );
  const starts = lines.slice(1).map((line, at) => set(line, wasm.plus(get(lines[at]), get(stride))));
  return { name: 'lines', locals, body: wasm.sequence(...starts, wasm.countDown(pairs, onePair)) };
}

function columnsFunction(bytes: number, group: number): wasm.WasmFunction {
  const { get, set } = wasm;
  const locals = new wasm.Locals(5);
  const [source, stride, depth, groups, target] = [0, 1, 2, 3, 4] as const;
  const [from, to, left, apart] = [0, 1, 2, 3].map(() => locals.integer()) as [
    number,
    number,
    number,
    number,
  ];
  const fours = Array.from({ length: group / TILE }, (_, at) => at);
  const oneGroup = wasm.sequence(
    ...fours.map((at) =>
      storeFour(
        bytes,
        get(to),
        [0, vector].map((half) => wasm.load(get(from), at * TILE * double + half)),
        at * TILE * bytes,
      ),
    ),
    wasm.advance(from, group * double),
    set(to, wasm.plus(get(to), get(apart))),
  );
  const oneEntry = wasm.sequence(
    set(from, get(source)),
    set(to, get(target)),
    set(left, get(groups)),
    wasm.countDown(left, oneGroup),
    set(source, wasm.plus(get(source), get(stride))),
    wasm.advance(target, group * bytes),
  );
  const body = wasm.sequence(
    set(apart, wasm.times(get(depth), wasm.integer(group * bytes))),
    wasm.countDown(depth, oneEntry),
  );
  return { name: 'columns', locals, body };
}
