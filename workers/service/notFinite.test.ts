import { topClass } from '../../src/answers/topClasses';
import { lowRankRecipe, originalRecipe, type Recipe } from '../../src/compression/recipe';
import { imagesOf } from '../../src/compression/steps/step';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installedCodecs } from '../../cli/codecs';
import type { SweepLayer } from '../../src/enc/sweep/points';
import { unwrap } from '../../src/network/failure';
import type { Network, Operator } from '../../src/network/graph';
import {
  activation,
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
} from '../../src/network/testing/builders';
import { evaluateKind } from '../protocol/evaluate';
import { raceKind } from '../protocol/race';
import { repairKind } from '../protocol/repair';
import { sweepKind } from '../protocol/sweep';
import { inThreadStudio } from '../testing/inThreadStudio';
import { openTinyWork } from '../testing/tinyStudio';

const never = new AbortController().signal;
const ignore = () => undefined;
const studio = inThreadStudio(installedCodecs);
beforeAll(async () => void unwrap(await studio.start('wasm')));
afterAll(() => studio.close());

/** The network with an operator behind its dense layer, whose weights are scaled. */
function changed(behind: Operator, scale = 1): Network {
  const network = smallResidualNetwork(3);
  const at = network.nodes.findLastIndex(({ operator }) => operator.kind === 'dense');
  const dense = network.nodes[at]!;
  const { operator } = dense;
  if (operator.kind !== 'dense') throw new Error('expected a dense layer');
  const scaled = (values: Float32Array) => values.map((value) => value * scale);
  const weights = { ...operator.weights, data: scaled(operator.weights.data) };
  const bias = operator.bias && scaled(operator.bias);
  const renamed = { ...dense, output: 'before', operator: { ...operator, weights, bias } };
  const inserted = { name: 'odd', inputs: ['before'], output: dense.output, operator: behind };
  // The scores are what the operator answers.
  return { ...network, outputs: [dense.output], nodes: network.nodes.toSpliced(at, 2, renamed, inserted) };
}

const sentence =
  /^Layer "[^"]+": expected finite values( for image \d+ of "random\.npy"| on the calibration images), found NaN or infinity; check its weights and the preprocessing\.$/;

test.each<[string, Network]>([
  ['that overflow', changed(activation('exp'), 1e5)],
  ['of a root of negative numbers', changed(activation('sqrt'), -1)],
  ['of a logarithm of negative numbers', changed(activation('log'), -1)],
])('activations %s are no result, and their layer is named', async (_, network) => {
  const { evaluation, sweep } = await openTinyWork(studio, network, 12);
  const failures = await Promise.all([
    studio.run(never, evaluateKind, evaluation, ignore),
    studio.run(never, sweepKind, { ...sweep, refit: null }, ignore),
  ]);
  for (const failure of failures)
    expect(failure).toMatchObject({
      ok: false,
      failure: { code: 'invalid-network', message: expect.stringMatching(sentence) as string },
    });
  // Whoever tries preprocessings counts such answers as wrong ones.
  const tried = await studio.run(
    never,
    evaluateKind,
    { ...evaluation, notNumbers: 'ignored' } as const,
    ignore,
  );
  expect(tried.ok).toBe(true);
});

test.each<[string, Operator]>([
  ['a ReLU', activation('relu')],
  ['a ReLU up to six', activation('relu6')],
])('what is no number behind %s is found, too, which TF.js makes 0 of on WebAssembly', async (_, behind) => {
  // An infinity minus another.
  const odd: Operator = { kind: 'elementwise', function: 'subtract' };
  const network = changed(activation('exp'), 1e5);
  const at = network.nodes.findIndex(({ name }) => name === 'odd');
  const { output } = network.nodes[at]!;
  const nodes = network.nodes.toSpliced(
    at,
    1,
    { ...network.nodes[at]!, output: 'great' },
    { name: 'difference', inputs: ['great', 'great'], output: 'none', operator: odd },
    { name: 'bounded', inputs: ['none'], output, operator: behind },
  );
  const { evaluation, race } = await openTinyWork(studio, { ...network, nodes }, 3);
  // Another time, the same compiled network is at hand.
  for (const time of ['first', 'second'])
    expect(await studio.run(never, evaluateKind, evaluation, ignore), time).toMatchObject({
      ok: false,
      failure: { message: expect.stringMatching(/^Layer "odd": expected finite values for image/) as string },
    });
  // It is right with no image, though the class of nothing but zeros is every image's.
  const candidates = [{ recipe: originalRecipe(evaluation.recipe.network), isSeeded: true }];
  expect(await studio.run(never, raceKind, { ...race, candidates }, ignore)).toMatchObject({
    ok: false,
    failure: { message: expect.stringMatching(/^Layer "odd": expected finite values for image/) as string },
  });
});

test('a preprocessing with which values are none is found though the network was run with another', async () => {
  const network = changed(activation('relu'), 1e5);
  const { evaluation } = await openTinyWork(studio, network, 3);
  expect((await studio.run(never, evaluateKind, evaluation, ignore)).ok).toBe(true);
  const selection = {
    ...evaluation.selection,
    preprocessing: { channels: 'rgb', mean: [0], scale: [3e38] } as const,
  };
  expect(await studio.run(never, evaluateKind, { ...evaluation, selection }, ignore)).toMatchObject({
    ok: false,
    failure: { message: expect.stringMatching(sentence) as string },
  });
});

/** The difference of two equal layers, which is 0 until one of them is cut, then its root behind which something hides. */
function rootOfDifference(behind: Operator): Network {
  const numbers = seededNumbers(8);
  const layer = randomConvolution(numbers, {
    kernel: square(3),
    padding: evenPadding(1),
    inputs: 3,
    outputs: 8,
  });
  if (layer.kind !== 'conv2d') throw new Error('expected a convolution');
  const twin = { ...layer, kernel: { ...layer.kernel, data: layer.kernel.data.slice() } };
  const node = (name: string, operator: Operator, ...inputs: string[]) => ({
    name,
    inputs,
    output: name,
    operator,
  });
  const chain = chainOf([12, 12, 3], [activation('relu')]);
  const { input } = chain;
  return {
    ...chain,
    nodes: [
      node('layer', layer, input.name),
      node('twin', twin, input.name),
      node('difference', { kind: 'elementwise', function: 'subtract' }, 'layer', 'twin'),
      node('root', activation('sqrt'), 'difference'),
      node('behind', behind, 'root'),
      node('mean', { kind: 'globalPool', reduce: 'average', keepDimensions: false }, 'behind'),
      node('scores', randomDense(numbers, 8, 4), 'mean'),
    ],
    outputs: ['scores'],
  };
}

const hiding: readonly [string, Operator][] = [
  ['a ReLU', activation('relu')],
  ['a ReLU up to six', activation('relu6')],
  [
    'the greatest of a window',
    {
      kind: 'pool',
      reduce: 'max',
      window: square(2),
      stride: square(2),
      padding: evenPadding(0),
      roundUp: false,
      includePadding: false,
    },
  ],
];

test.each(hiding)(
  'what only a cut network of a sweep makes no numbers of is found behind %s',
  async (_, behind) => {
    const { evaluation, sweep } = await openTinyWork(studio, rootOfDifference(behind), 6);
    const recipe = originalRecipe(sweep.network);
    expect((await studio.run(never, evaluateKind, { ...evaluation, recipe }, ignore)).ok).toBe(true);
    expect(await studio.run(never, sweepKind, { ...sweep, refit: null }, ignore)).toMatchObject({
      ok: false,
      failure: {
        code: 'invalid-network',
        message: expect.stringMatching(/^Layer "root": expected finite values for image \d+/) as string,
      },
    });
  },
);

test.each(hiding)('such a network wins no race, where it is found behind %s', async (_, behind) => {
  const { race, evaluation, sweep } = await openTinyWork(studio, rootOfDifference(behind), 12);
  const uncut = { recipe: originalRecipe(race.network), isSeeded: true };
  const evaluated = async (recipe: Recipe) => {
    const task = { ...evaluation, recipe, notNumbers: 'ignored' } as const;
    return topClass(unwrap(await studio.run(never, evaluateKind, task, ignore)));
  };
  // The cut network would be right with every image that it seems to answer.
  const [{ name, factorisation }] = sweep.layers as [SweepLayer];
  const cut = { recipe: lowRankRecipe(race.network, { [name]: 1 }, () => factorisation), isSeeded: true };
  const seeming = await evaluated(cut.recipe);
  if (behind.kind === 'activation') expect(seeming.every((answer) => answer >= 0)).toBe(true);
  const answers = seeming.map((answer) => Math.max(0, answer));
  const candidates = [cut, uncut];
  const standings = unwrap(await studio.run(never, raceKind, { ...race, answers, candidates }, ignore));
  const same = (await evaluated(uncut.recipe)).filter((answer, image) => answer === answers[image]);
  expect(standings.map(({ correct }) => correct)).toEqual([0, same.length]);
});

test('the layer is the first whose values are none', async () => {
  const network = changed(activation('sqrt'), -1);
  const { evaluation } = await openTinyWork(studio, network, 3);
  const outcome = await studio.run(never, evaluateKind, evaluation, ignore);
  expect(outcome).toMatchObject({ failure: { message: expect.stringMatching(/^Layer "odd"/) as string } });
});

test('nothing is fitted to values that are none', async () => {
  const { repair } = await openTinyWork(studio, smallResidualNetwork(3), 12);
  const images = imagesOf(repair.recipe.steps[0]!);
  // Pixels of 10^38 and more.
  const preprocessing = { channels: 'rgb', mean: [0], scale: [3e38] } as const;
  const steps = [{ ...repair.recipe.steps[0]!, images: { ...images, preprocessing } }];
  const outcome = await studio.run(never, repairKind, { recipe: { ...repair.recipe, steps } }, ignore);
  expect(outcome).toMatchObject({
    ok: false,
    failure: { code: 'invalid-network', message: expect.stringMatching(sentence) as string },
  });
});

test('numbers are a result', async () => {
  const { evaluation } = await openTinyWork(studio, smallResidualNetwork(3), 3);
  expect((await studio.run(never, evaluateKind, evaluation, ignore)).ok).toBe(true);
});
