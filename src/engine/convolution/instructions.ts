import * as wasm from '../../linalg/wasm/assembler';

/** A function with one vector instruction. */
function moduleWith(code: wasm.Code): Uint8Array<ArrayBuffer> {
  const locals = new wasm.Locals(1);
  return wasm.assemble([{ name: 'probe', locals, body: wasm.store(wasm.get(0), code) }]);
}

let vectors: boolean | undefined;
let fused: boolean | undefined;

/** Whether WebAssembly has vectors here. */
export function hasVectors(): boolean {
  vectors ??= WebAssembly.validate(moduleWith(wasm.splat(0)));
  return vectors;
}

/** Whether WebAssembly has the fused multiply-add of relaxed SIMD here, which not every browser has. */
export function hasFusedArithmetic(): boolean {
  const zero = wasm.splat(0);
  fused ??= WebAssembly.validate(moduleWith(wasm.multiplyAdd(zero, zero, zero)));
  return fused;
}
