import type { Numbers } from '../../network/testing/builders';
import type { Changes } from './kerasLayers';
import type { layers } from './tfLayers';

export type Symbolic = layers.SymbolicTensor;
export type Kind = 'image' | 'sequence' | 'vector';
export type Layer = layers.layers.Layer;

/** Where numbers come from, and what is to be changed in the file when the model is saved. */
export interface Draft extends Numbers {
  readonly changes: Changes;
}

/** How a layer class is drawn: what it reads, and the layer applied to a value. */
export interface Recipe {
  readonly reads: readonly Kind[];
  readonly apply: (draw: Draft, value: Symbolic) => Symbolic;
}

export const anything: readonly Kind[] = ['image', 'sequence', 'vector'];
export const images: readonly Kind[] = ['image'];
export const sequences: readonly Kind[] = ['sequence'];
export const spatial: readonly Kind[] = ['image', 'sequence'];

/** What a value is: H×W×C, L×C or C. */
export function kindOf({ shape }: Symbolic): Kind {
  return ({ 4: 'image', 3: 'sequence' } as const)[shape.length] ?? 'vector';
}

export const extentsOf = ({ shape }: Symbolic) => shape.slice(1) as number[];
export const sizeOf = (value: Symbolic) => extentsOf(value).reduce((product, extent) => product * extent, 1);

/** A layer that TF.js has, applied. */
export function applied(layer: Layer, value: Symbolic | Symbolic[]): Symbolic {
  return layer.apply(value) as Symbolic;
}

/** Activations by the names that TF.js gives them. */
export const activations = [
  ...['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'hardSigmoid', 'tanh', 'softplus', 'swish', 'softmax'],
] as const;
type ActivationName = (typeof activations)[number];

export const activationOf = (draw: Numbers): ActivationName =>
  draw.uniform() < 0.6 ? draw.pick(activations) : 'linear';

/** A layer applied that becomes another one in the file. */
export function changed(
  draft: Draft,
  layer: Layer,
  value: Symbolic | Symbolic[],
  change: Changes[string],
): Symbolic {
  draft.changes[layer.name] = change;
  return applied(layer, value);
}

/** A layer that TF.js has under another name. */
export function renamed(className: string, { reads, apply }: Recipe): Recipe {
  return {
    reads,
    apply: (draw, value) => {
      const result = apply(draw, value);
      draw.changes[result.sourceLayer.name] = (layer) => ({ ...layer, class_name: className });
      return result;
    },
  };
}
