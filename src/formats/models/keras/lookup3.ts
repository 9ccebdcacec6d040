/** A number of 32 bits turned to the left. */
const turned = (value: number, by: number) => (value << by) | (value >>> (32 - by));

/** What each step of mixing turns by. */
const mixing = [4, 6, 8, 16, 19, 4] as const;
const finishing = [14, 11, 25, 16, 4, 14, 24] as const;

/**
 * HDF5's checksum of metadata: Bob Jenkins' lookup3, hashlittle (burtleburtle.net/bob/c/lookup3.c, public domain), from
 * zero.
 *
 * @returns 0 to 2^32 − 1
 */
export function lookup3(bytes: Uint8Array): number {
  const start = (0xdeadbeef + bytes.length) | 0;
  const state: [number, number, number] = [start, start, start];
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    add(state, bytes, at);
    mix(state);
  }
  if (bytes.length === at) return state[2] >>> 0;
  add(state, bytes, at);
  finish(state);
  return state[2] >>> 0;
}

/** Adds twelve bytes, zeros behind the last one. */
function add(state: [number, number, number], bytes: Uint8Array, from: number): void {
  for (let index = 0; index < 12; index++) {
    const word = index >> 2;
    state[word] = (state[word]! + ((bytes[from + index] ?? 0) << (8 * (index & 3)))) | 0;
  }
}

function mix(state: [number, number, number]): void {
  let [a, b, c] = state;
  for (const by of mixing) {
    a = ((a - c) | 0) ^ turned(c, by);
    c = (c + b) | 0;
    // What was b is changed next, then what was c.
    [a, b, c] = [b, c, a];
  }
  [state[0], state[1], state[2]] = [a, b, c];
}

function finish(state: [number, number, number]): void {
  let [a, b, c] = state;
  for (const by of finishing) {
    c = ((c ^ b) - turned(b, by)) | 0;
    // What was a is changed next, by what c became.
    [a, b, c] = [b, c, a];
  }
  // Seven changes of three words: the last one changed is where b is now.
  [state[0], state[1], state[2]] = [a, c, b];
}
