import type { Method } from '../../enc/plan';

/** How a method is told apart on the page: one letter, one colour and one mark, the same everywhere. */
export interface MethodLook {
  readonly method: Method;
  readonly name: string;
  /** One sentence for tooltips and the help. */
  readonly idea: string;
  /** CSS custom property that holds its colour. */
  readonly colour: string;
  readonly mark: 'circle' | 'diamond' | 'triangle' | 'square';
}

const looks: Readonly<Record<Method, MethodLook>> = {
  uniform: {
    method: 'uniform',
    name: 'Uniform',
    idea: 'The baseline: every layer gets the same share of its largest useful rank.',
    colour: '--method-uniform',
    mark: 'circle',
  },
  map: {
    method: 'map',
    name: 'ENC-Map',
    idea: 'Every layer pays the same loss of quality, read off its own curve.',
    colour: '--method-map',
    mark: 'diamond',
  },
  model: {
    method: 'model',
    name: 'ENC-Model',
    idea: 'The ranks with the greatest predicted quality of the whole network.',
    colour: '--method-model',
    mark: 'triangle',
  },
  inf: {
    method: 'inf',
    name: 'ENC-Inf',
    idea: 'The best of the most promising candidates, measured on selection images.',
    colour: '--method-inf',
    mark: 'square',
  },
};

/** The methods that the page offers, in the order it lists them. */
export const offeredMethods: readonly MethodLook[] = [looks.uniform, looks.map, looks.model, looks.inf];

/** One side of a comparison: a method's plan at the present target, or the plan that was saved. */
export type PairSide = Method | 'saved';

/** How a side of a comparison looks. */
export function sideLook(side: PairSide): Pick<MethodLook, 'name' | 'colour' | 'mark'> {
  return side === 'saved' ? { name: 'Saved plan', colour: '--text-third', mark: 'circle' } : looks[side];
}

/** Whether a text names a side of a comparison. */
export function isPairSide(text: string): text is PairSide {
  return text === 'saved' || isOfferedMethod(text);
}

/** How a method looks, offered or not. */
export function lookOf(method: Method): MethodLook {
  return looks[method];
}

/** Whether a text names a method that the page offers. */
export function isOfferedMethod(text: string): text is Method {
  return offeredMethods.some((look) => look.method === text);
}
