import { expect, it } from 'vitest';
import { lowRankRecipe, recipeKey } from '../compression/recipe';
import { ranksKey } from '../enc/plan';
import { chainOf, randomDense, seededNumbers } from '../network/testing/builders';
import { unsupportedNodes } from '../network/validate';
import { readNetwork, writeNetwork } from './models';
import { ownValue } from '../network/ownValue';
import { graphChain, layersModel } from './testing/hostile';

const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

it.each(odd)('a layer called %s keeps its rank', async (name) => {
  const network = chainOf([6], [randomDense(seededNumbers(1), 6, 5), randomDense(seededNumbers(2), 5, 3)]);
  const nodes = network.nodes.map((node, index) => (index === 0 ? { ...node, name } : node));
  const read = await readNetwork(await writeNetwork({ ...network, nodes }, 'onnx'));
  expect(read.nodes.map((node) => node.name)).toContain(name);
  const ranks = Object.fromEntries([[name, 2]]);
  const recipe = lowRankRecipe('n', ranks, () => 'dense');
  expect(Object.keys(recipe.layers)).toEqual([name]);
  expect(recipeKey(recipe)).not.toBe(recipeKey(lowRankRecipe('n', {}, () => 'dense')));
  expect(ownValue({} as Record<string, number>, name)).toBeUndefined();
});

it.each(odd)('an activation called %s is one that nobody knows', async (name) => {
  const layers = [
    { class_name: 'InputLayer', config: { name: 'in', batch_input_shape: [null, 4] } },
    { class_name: 'Activation', config: { name: 'a', activation: name } },
  ];
  const model = layersModel({ class_name: 'Sequential', config: { name: 's', layers } });
  const fused = JSON.parse(new TextDecoder().decode(graphChain(1).bytes)) as {
    modelTopology: { node: { op: string }[] };
  };
  fused.modelTopology.node[1]!.op = name;
  const graph = { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(fused)) };
  for (const file of [model, graph]) expect(unsupportedNodes(await readNetwork([file])).length).toBe(1);
});

it('plans of different layers have different keys, whatever their names hold', () => {
  expect(ranksKey({ 'a=1;b': 2 })).not.toBe(ranksKey({ a: 1, b: 2 }));
  expect(ranksKey({ 'a"=1;"b': 2 })).not.toBe(ranksKey({ a: 1, b: 2 }));
  expect(ranksKey({ b: 2, a: 1, c: null })).toBe(ranksKey({ a: 1, b: 2 }));
});
