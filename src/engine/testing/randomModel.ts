import type { Numbers } from '../../network/testing/builders';
import type { Changes } from './kerasLayers';
import { applied, kindOf, type Draft, type Kind, type Symbolic } from './layerRecipe';
import { recipes } from './randomLayers';
import { layers } from './tfLayers';

const make = layers.layers;

/** Classes drawn around the one that is tried. */
const surroundings = [
  ...['Conv2D', 'DepthwiseConv2D', 'BatchNormalization', 'ReLU', 'Add', 'Dense', 'MaxPooling2D'],
];

/**
 * A model with a layer of the class somewhere in it, which answers with scores.
 * @param depth number of layers before it
 */
export function randomModel(
  className: string,
  numbers: Numbers,
  depth: number,
): { model: layers.LayersModel; changes: Changes } {
  const draw: Draft = { ...numbers, changes: {} };
  const { reads, apply } = recipes[className]!;
  const kind = draw.pick(reads);
  const shapes: Readonly<Record<Kind, readonly (readonly number[])[]>> = {
    image: [
      [7, 6, 3],
      [5, 8, 2],
    ],
    sequence: [
      [9, 3],
      [6, 4],
    ],
    vector: [[12], [7]],
  };
  const input = layers.input({ shape: [...draw.pick(shapes[kind])] });
  let value: Symbolic = input;
  for (let index = 0; index < depth; index++) value = neighbour(draw, value, kind);
  value = apply(draw, value);
  if (draw.uniform() < 0.5) value = neighbour(draw, value, kindOf(value));
  if (kindOf(value) !== 'vector') value = applied(make.flatten(), value);
  value = applied(make.dense({ units: 3, activation: 'softmax' }), value);
  return { model: layers.model({ inputs: input, outputs: value }), changes: draw.changes };
}

/** One more layer that keeps the kind of the value. */
function neighbour(draw: Draft, value: Symbolic, kind: Kind): Symbolic {
  const possible = surroundings.filter((name) => recipes[name]!.reads.includes(kind));
  return recipes[draw.pick(possible)]!.apply(draw, value);
}
