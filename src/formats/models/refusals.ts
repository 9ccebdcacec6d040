import type { Operator } from '../../network/graph';

type Kind = Operator['kind'];

/**
 * What a writer has no layer for, and why, for a person. It writes everything else: the compiler asks it for every
 * operator that is not listed.
 */
export type Refusals = Readonly<Partial<Record<Kind, string>>>;

/** Why only files of TensorFlow Lite hold rounding to levels that are found as a file runs. */
const onlyTflite = 'only files of TensorFlow Lite are rounded as they run';

/** Those of the studio's writers, side by side, because a new operator has to find its place in each. */
export const refusals = {
  onnx: { dynamicQuantise: onlyTflite },
  caffe: {
    pad: 'Caffe pads only inside convolutions and pools',
    constant: 'Caffe has no constants',
    matrixProduct: 'Caffe multiplies by weights only',
    transpose: 'Caffe does not reorder axes',
    gather: 'Caffe does not pick elements by index',
    resize: 'Caffe does not resize',
    reduce: 'Caffe reduces all axes together only',
    logSoftmax: 'Caffe has no logarithm of a softmax',
    quantise: 'Caffe computes in floating point only',
    dynamicQuantise: onlyTflite,
  },
  /** Keras and TF.js LayersModel. */
  layers: {
    localResponseNormalisation: 'there is no layer for local response normalisation',
    quantise: 'layers compute in floating point only',
    dynamicQuantise: onlyTflite,
  },
  tflite: {},
} as const satisfies Readonly<Record<string, Refusals>>;

/** Whether a writer has no layer for an operator. */
export function isRefused<R extends Refusals>(
  refused: R,
  operator: Operator,
): operator is Extract<Operator, { readonly kind: keyof R | 'unsupported' }> {
  return operator.kind === 'unsupported' || operator.kind in refused;
}

/** Why a writer has no layer for an operator that it refuses. */
export function refusalOf(refused: Refusals, operator: Operator): string {
  if (operator.kind === 'unsupported') return operator.reason;
  return refused[operator.kind] ?? `there is no layer for ${operator.kind}`;
}
