/** A seeded stream of random numbers: the same seed gives the same stream on every machine. */
export interface Random {
  /** 32 random bits as an unsigned integer. */
  bits(): number;
  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number;
  /** Uniform integer in [0, bound), without modulo bias. */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
  /** Shuffles in place (Fisher and Yates) and returns the same array. */
  shuffle<T extends MutableArrayLike>(items: T): T;
}

interface MutableArrayLike {
  readonly length: number;
  [index: number]: unknown;
}

const TWO_TO_32 = 4294967296;

/**
 * Generator of Doty-Humphrey's "small fast counting" family (sfc32: 96 bits of state and a 32-bit
 * counter, so its period is at least 2^32), its state filled from the seed by splitmix32.
 * @param seed a safe integer; its low 53 bits all count
 * @throws RangeError when the seed is not a safe integer
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`createRandom: expected a safe integer as seed, got ${seed}`);
  }
  const bits = countingGenerator(seed);
  const uniform = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  const integer = (bound: number): number => uniformInteger(bits, bound);
  return {
    bits,
    uniform,
    integer,
    normal: normalStream(uniform),
    shuffle: (items) => shuffleInPlace(integer, items),
  };
}

function shuffleInPlace<T extends MutableArrayLike>(integer: (bound: number) => number, items: T): T {
  for (let i = items.length - 1; i > 0; i--) {
    const other = integer(i + 1);
    const held = items[i];
    items[i] = items[other];
    items[other] = held;
  }
  return items;
}

function countingGenerator(seed: number): () => number {
  const fill = splitmix(seed | 0);
  let a = fill();
  // The seed's bits above 32 enter here, so that large seeds differ too.
  let b = fill() ^ Math.floor(seed / TWO_TO_32);
  let c = fill();
  let counter = 1;
  const next = (): number => {
    const output = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + output) | 0;
    return output >>> 0;
  };
  // The first outputs still resemble the seed.
  for (let i = 0; i < 12; i++) next();
  return next;
}

function splitmix(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

function uniformInteger(bits: () => number, bound: number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > TWO_TO_32) {
    throw new RangeError(`Random.integer: expected a bound in [1, 2^32], got ${bound}`);
  }
  const unbiasedLimit = TWO_TO_32 - (TWO_TO_32 % bound);
  let draw = bits();
  while (draw >= unbiasedLimit) draw = bits();
  return draw % bound;
}

/** Marsaglia's polar method, which gives two normals at a time. */
function normalStream(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const held = spare;
      spare = undefined;
      return held;
    }
    let x: number;
    let y: number;
    let radius: number;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      radius = x * x + y * y;
    } while (radius >= 1 || radius === 0);
    const scale = Math.sqrt((-2 * Math.log(radius)) / radius);
    spare = y * scale;
    return x * scale;
  };
}
