import type { Operator } from '../../network/graph';

type Kind = Operator['kind'];

/**
 * What each form has no layer for, and why, for a person. A writer writes everything else: the compiler asks it
 * for every operator that is not listed here.
 */
const refusals = {
  onnx: {},
  caffe: {
    pad: 'Caffe pads only inside convolutions and pools',
    constant: 'Caffe has no constants',
  },
  /** Keras and TF.js LayersModel. */
  layers: { localResponseNormalisation: 'there is no layer for local response normalisation' },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<Kind, string>>>>>;

type Form = keyof typeof refusals;
type Refused<F extends Form> = Extract<
  Operator,
  { readonly kind: keyof (typeof refusals)[F] | 'unsupported' }
>;

/** Whether a form has no layer for an operator. */
export function isRefused<F extends Form>(form: F, operator: Operator): operator is Refused<F> {
  return operator.kind === 'unsupported' || operator.kind in refusals[form];
}

/** Why a form has no layer for an operator that it refuses. */
export function refusalOf(form: Form, operator: Operator): string {
  if (operator.kind === 'unsupported') return operator.reason;
  const reasons: Readonly<Partial<Record<Kind, string>>> = refusals[form];
  return reasons[operator.kind] ?? `there is no layer for ${operator.kind}`;
}
