import { methods } from '../../compression/methods';
import type { SelectionMethod } from '../../compression/methods/method';
import { paletteOf } from '../../compression/methods/palette';
import type { Method } from '../../enc/plan';

/** How a method is told apart on the page: one name, one colour and one mark, the same everywhere. */
export interface MethodLook {
  readonly method: Method;
  readonly name: string;
  /** One sentence for tooltips and the help. */
  readonly idea: string;
  /** CSS custom property that holds its colour. */
  readonly colour: string;
  /** Outline of its mark in a 16 × 16 box centred on 0: its shape tells it apart where colour does not. */
  readonly mark: string;
  /** Whether its plan is the winner of a race on selection images. */
  readonly isRaced: boolean;
}

/** The methods that the page offers, in the order it lists them. */
export function offeredMethods(): readonly MethodLook[] {
  return methods.all.map(({ id }) => lookOf(id));
}

/** One side of a comparison: a method's plan at the present target, or the plan that was saved. */
export type PairSide = Method | 'saved';

/** How a side of a comparison looks. */
export function sideLook(side: PairSide): Pick<MethodLook, 'name' | 'colour' | 'mark'> {
  return side === 'saved'
    ? { name: 'Saved plan', colour: '--text-third', mark: paletteOf(0).path }
    : lookOf(side);
}

/** Whether a text names a side of a comparison. */
export function isPairSide(text: string): text is PairSide {
  return text === 'saved' || isOfferedMethod(text);
}

const looks = new WeakMap<SelectionMethod, MethodLook>();

/** How a method looks: the same object every time, so that components see no change. */
export function lookOf(method: Method): MethodLook {
  const entry = methods.get(method);
  const known = looks.get(entry);
  if (known) return known;
  const { label: name, idea, needs } = entry;
  const { property, path } = paletteOf(methods.all.indexOf(entry));
  const look = { method, name, idea, colour: property, mark: path, isRaced: needs.images };
  looks.set(entry, look);
  return look;
}

/** Whether a text names a method that the page offers. */
export function isOfferedMethod(text: string): text is Method {
  return methods.find(text) !== undefined;
}
