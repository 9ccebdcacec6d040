/**
 * WebAssembly instructions: bytes and parts, one behind the other. An expression leaves one value, a statement none.
 * Parts are joined once, when a module is assembled, so that no byte is copied at every level that it is nested in.
 */
export type Code = readonly (number | Code)[];

/** Number of a local variable. */
export type Local = number;

const [i32, v128] = [0x7f, 0x7b];
const simd = 0xfd;

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value < -0x40 || value >= 0x40; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value & 0x7f];
}

/** One statement after the other. */
export function sequence(...statements: readonly Code[]): Code {
  return statements;
}

export const get = (local: Local): Code => [0x20, ...unsigned(local)];
export const set = (local: Local, value: Code): Code => [value, 0x21, ...unsigned(local)];
export const integer = (value: number): Code => [0x41, ...signed(value)];
export const plus = (a: Code, b: Code): Code => [a, b, 0x6a];
export const minus = (a: Code, b: Code): Code => [a, b, 0x6b];
export const times = (a: Code, b: Code): Code => [a, b, 0x6c];
/** local += bytes */
export const advance = (local: Local, bytes: number): Code => set(local, plus(get(local), integer(bytes)));

/** Four floats at address + offset (bytes, 0 or more). */
export const load = (address: Code, offset = 0): Code => [address, simd, 0, 0, ...unsigned(offset)];
/** One float, four times. */
export const loadSplat = (address: Code, offset = 0): Code => [address, simd, 9, 0, ...unsigned(offset)];
/** One double, twice. */
export const loadDoubleSplat = (address: Code, offset = 0): Code => [
  address,
  ...[simd, 10, 0, ...unsigned(offset)],
];
export const store = (address: Code, value: Code, offset = 0): Code => [
  address,
  value,
  ...[simd, 11, 0, ...unsigned(offset)],
];
/** Single doubles. */
export const loadDouble = (address: Code, offset = 0): Code => [address, 0x2b, 0, ...unsigned(offset)];
export const storeDouble = (address: Code, value: Code, offset = 0): Code => [
  address,
  value,
  ...[0x39, 0, ...unsigned(offset)],
];
export const addDouble = (a: Code, b: Code): Code => [a, b, 0xa0];
export const multiplyDouble = (a: Code, b: Code): Code => [a, b, 0xa2];
/** One of a vector's two doubles. */
export const doubleOf = (a: Code, lane: 0 | 1): Code => [a, simd, 33, lane];
export const splat = (value: number): Code => {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  return [simd, 12, ...bytes, ...bytes, ...bytes, ...bytes];
};

const vector =
  (opcode: number) =>
  (...operands: readonly Code[]): Code => [...operands, simd, ...unsigned(opcode)];
export const add = vector(228);
export const subtract = vector(229);
export const multiply = vector(230);
/** a < b ? a : b; not a number where the first operand is not. */
export const lesser = (bound: Code, value: Code): Code => vector(234)(value, bound);
/** All bits where a > b, none elsewhere. */
export const isAbove = vector(68);
export const both = vector(78);
export const addDoubles = vector(240);
/** The first two floats as doubles. */
export const toDoubles = vector(95);
/** Two doubles as floats, and two zeros. */
export const toFloats = vector(94);
/** Sixteen bytes of two vectors: 0 to 15 are those of the first. */
const shuffle = (a: Code, b: Code, bytes: readonly number[]): Code => [a, b, simd, 13, ...bytes];
const eightFrom = (first: number) => Array.from({ length: 8 }, (_, index) => first + index);
/** The last two floats of a vector in front, and again behind. */
export const upperHalf = (a: Code): Code => shuffle(a, a, [...eightFrom(8), ...eightFrom(8)]);
/** The first eight bytes of both. */
export const firstHalves = (a: Code, b: Code): Code => shuffle(a, b, [...eightFrom(0), ...eightFrom(16)]);
/** The last eight bytes of both. */
export const lastHalves = (a: Code, b: Code): Code => shuffle(a, b, [...eightFrom(8), ...eightFrom(24)]);
export const subtractDoubles = vector(241);
export const multiplyDoubles = vector(242);
/** A vector of zeros. */
export const zeros: Code = splat(0);
/** The greater of both; not a number where the value is not. */
export const greater = (bound: Code, value: Code): Code => vector(235)(value, bound);
/** a · b + c, rounded once or twice as the machine likes best; not in every browser. */
export const multiplyAdd = vector(0x105);

/** Runs a body a fixed number of times, at least once. */
export function repeat(counter: Local, times: number, body: Code): Code {
  return [set(counter, integer(times)), countDown(counter, body)];
}

/** Runs a body as often as a variable says, which must be at least once; the variable is 0 afterwards. */
export function countDown(counter: Local, body: Code): Code {
  const next = [get(counter), integer(1), 0x6b, 0x22, ...unsigned(counter)];
  return [0x03, 0x40, body, next, 0x0d, 0, 0x0b];
}

/** Runs a body as often as a variable says, which stays as it is; not at all where it says 0. */
export function repeatAsSaid(counter: Local, times: Local, body: Code): Code {
  const isNone = [get(times), 0x45, 0x0d, 0];
  return [0x02, 0x40, isNone, set(counter, get(times)), countDown(counter, body), 0x0b];
}

export const fillMemory = (address: Code, bytes: number): Code => [
  address,
  integer(0),
  integer(bytes),
  ...[0xfc, 0x0b, 0],
];
export const copyMemory = (target: Code, source: Code, bytes: number): Code => [
  target,
  source,
  integer(bytes),
  ...[0xfc, 0x0a, 0, 0],
];

/** Hands out the local variables of a function behind its parameters, which are integers. */
export class Locals {
  readonly #types: number[] = [];

  constructor(readonly parameters: number) {}

  integer(): Local {
    return this.parameters + this.#types.push(i32) - 1;
  }

  vector(): Local {
    return this.parameters + this.#types.push(v128) - 1;
  }

  get declarations(): Code {
    return list(this.#types.map((type) => [1, type]));
  }
}

/** An exported function of integers that answers nothing. */
export interface WasmFunction {
  readonly name: string;
  readonly locals: Locals;
  readonly body: Code;
}

/** Appends all bytes of some code. */
function append(bytes: number[], code: Code): void {
  for (const part of code) {
    if (typeof part === 'number') bytes.push(part);
    else append(bytes, part);
  }
}

function joined(code: Code): number[] {
  const bytes: number[] = [];
  append(bytes, code);
  return bytes;
}

const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items];
const sized = (content: Code): Code => {
  const bytes = joined(content);
  return [...unsigned(bytes.length), bytes];
};
const section = (id: number, items: readonly Code[]): Code => [id, sized(list(items))];
/** A name of ASCII letters. */
const text = (value: string): Code => sized([...value].map((letter) => letter.charCodeAt(0)));

/** The bytes of a module of functions that work on an imported memory, `host.memory`. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ locals }) => [0x60, list(Array<Code>(locals.parameters).fill([i32])), 0]);
  const memory = [text('host'), text('memory'), 2, 0, 0];
  const exported = functions.map(({ name }, index) => [text(name), 0, ...unsigned(index)]);
  const bodies = functions.map(({ locals, body }) => sized([locals.declarations, body, 0x0b]));
  return Uint8Array.from(
    joined([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, types),
      section(2, [memory]),
      section(
        3,
        functions.map((_, index) => unsigned(index)),
      ),
      section(7, exported),
      section(10, bodies),
    ]),
  );
}
