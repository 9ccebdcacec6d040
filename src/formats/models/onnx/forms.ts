import type { Stored } from '../../../network/graph';
import type { StoredForm } from '../layers/weights';
import { permutedForm, type FloatConstant } from './tensors';

interface Form extends StoredForm {
  readonly dims: readonly number[];
}

/** By what makes the floats: arithmetic on a constant makes others, which are made of nothing but themselves. */
const forms = new WeakMap<FloatConstant['values'], Form>();

/** Notes what a constant's floats are made of, so that it can be written so again. */
export function noteForm({ values, dims }: FloatConstant, axis: number | null, stored: () => Stored): void {
  forms.set(values, { dims, axis, stored });
}

/**
 * What a constant's floats are made of, its axes reordered as the floats are; null where they are floats in the file,
 * or scales do not lie along the last axis then.
 */
export function formOf({ values, dims }: FloatConstant, order: readonly number[] | undefined): Stored | null {
  const form = forms.get(values);
  if (!form || form.dims.join() !== dims.join()) return null;
  const axes = order ?? dims.map((_, axis) => axis);
  if (form.axis !== null && axes.at(-1) !== form.axis) return null;
  const stored = form.stored();
  return order ? permutedForm(stored, dims, order) : stored;
}
