import * as wasm from '../../linalg/wasm/assembler';
import type { Arithmetic } from './tile';

export const float = 4;
/** Values of a vector. */
export const lanes = 4;
export const vectorBytes = float * lanes;

export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** The next multiple of a number. */
export const roundedUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** Collects statements; every intermediate result gets a local of its own, registers are the engine's business. */
export class VectorCode implements Arithmetic<wasm.Code> {
  readonly statements: wasm.Code[] = [];

  constructor(private readonly locals: wasm.Locals) {}

  name(value: wasm.Code): wasm.Code {
    const local = this.locals.vector();
    this.statements.push(wasm.set(local, value));
    return wasm.get(local);
  }

  readonly plus = (a: wasm.Code, b: wasm.Code) => this.name(wasm.add(a, b));
  readonly minus = (a: wasm.Code, b: wasm.Code) => this.name(wasm.subtract(a, b));
  readonly times = (a: wasm.Code, factor: number) => this.name(wasm.multiply(a, wasm.splat(factor)));
}

/** Activations that the last step applies. */
export type Clamp = 'none' | 'relu' | 'relu6';

/** What is done to a convolution's outputs before they are written. */
export interface Epilogue {
  /** Whether another value of the same shape is added. */
  readonly adds: boolean;
  readonly clamp: Clamp;
}

/** An output with its bias, the addend (null for none) and the activation. */
export function finished(
  value: wasm.Code,
  bias: wasm.Code,
  addend: wasm.Code | null,
  clamp: Clamp,
): wasm.Code {
  const biased = wasm.add(value, bias);
  const sum = addend ? wasm.add(biased, addend) : biased;
  if (clamp === 'none') return sum;
  const positive = wasm.greater(wasm.splat(0), sum);
  return clamp === 'relu' ? positive : wasm.lesser(wasm.splat(6), positive);
}
