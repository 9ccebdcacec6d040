import { packedDoubles } from './panelLayout';
import { openMemory, programOf, type Program, type SharedMemory } from './wasm/host';

const double = 8;
/** Larger ones are not kept for the next. */
const keptDoubles = 2 ** 24;
/** Addresses are 32 bits, of which none is to look negative. */
const maxDoubles = 2 ** 28 - 1;

/**
 * One memory that both JavaScript and the kernels on WebAssembly's vectors reach: room for packed factors in front, and
 * behind it for what is multiplied, which then need not be copied. New memory is dear, since every page of it is made
 * when it is first touched: matrices of one decomposition after the other lie in the same.
 */
export class Workspace {
  readonly memory: SharedMemory;
  readonly #programs = new Map<object, Program>();
  /** Doubles that are taken. */
  #taken = packedDoubles;
  /** Doubles that were ever taken, and may hold anything. */
  #used = packedDoubles;

  /** @param capacity doubles behind the packed ones */
  constructor(readonly capacity: number) {
    this.memory = openMemory((packedDoubles + capacity) * double);
  }

  /** The functions of a module on this memory. */
  program(module: object): Program {
    const known = this.#programs.get(module) ?? programOf(module, this.memory);
    this.#programs.set(module, known);
    return known;
  }

  /** Whether values lie in this memory. */
  holds(values: ArrayBufferView): boolean {
    return values.buffer === this.memory.buffer;
  }

  /** So many doubles, all zero; null where there is no room for them. */
  take(count: number): Float64Array<ArrayBuffer> | null {
    const start = this.#taken;
    // Every array begins at a vector.
    const end = start + count + (count % 2);
    if (end > packedDoubles + this.capacity) return null;
    this.#taken = end;
    const values = new Float64Array(this.memory.buffer, start * double, count);
    if (start < this.#used) values.fill(0);
    this.#used = Math.max(this.#used, end);
    return values;
  }

  hasRoom(count: number): boolean {
    return this.#taken + count <= packedDoubles + this.capacity;
  }

  /** Gives all back that was taken since there was so little of it. */
  release(taken: number): void {
    this.#taken = taken;
  }

  get taken(): number {
    return this.#taken;
  }
}

/** The one that is open; where none is, one without room for anything but packed factors. */
let current: Workspace | null = null;
/** Is not open: the last one, for the next who needs no more, unless its memory is collected before that. */
let kept: WeakRef<Workspace> | null = null;

/** The one in which products run now. */
export function workspace(): Workspace {
  current ??= new Workspace(0);
  return current;
}

/** So many doubles, all zero: in the workspace where it has room for them, for as long as it is open, else anywhere. */
export function doubles(count: number): Float64Array<ArrayBuffer> {
  return workspace().take(count) ?? new Float64Array(count);
}

/**
 * Does something in a workspace with room for so many doubles. Nothing that was taken there may be used behind it. Where
 * the machine has no such memory, the work is done without.
 *
 * @param count of all that is taken there at any one time, rounded up to pairs
 */
export function inWorkspace<T>(count: number, work: () => T): T {
  const outer = workspace();
  const inner = roomFor(outer, count);
  const taken = inner.taken;
  current = inner;
  try {
    return work();
  } finally {
    inner.release(taken);
    if (inner !== outer && inner.capacity <= keptDoubles) kept = new WeakRef(inner);
    current = outer;
  }
}

function roomFor(outer: Workspace, count: number): Workspace {
  if (outer.hasRoom(count) || count > maxDoubles - packedDoubles) return outer;
  const last = kept?.deref();
  kept = null;
  if (last?.hasRoom(count)) return last;
  try {
    return new Workspace(count);
  } catch {
    return outer;
  }
}
