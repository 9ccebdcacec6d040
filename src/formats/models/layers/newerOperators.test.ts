import { beforeAll, describe, expect, it } from 'vitest';
import { answersOf, loadModel, tf } from '../../../engine/testing/tfLayers';
import { networkCost } from '../../../network/cost';
import { FailureError } from '../../../network/failure';
import { chainOf } from '../../../network/testing/builders';
import type { ActivationFunction, Network, Operator } from '../../../network/graph';
import { rearrangingNetworks } from '../../../network/testing/rearrangingNetworks';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork, writeNetwork } from '..';

function activation(name: ActivationFunction, alpha = 0, beta = 0): readonly [string, Network] {
  const operator: Operator = { kind: 'activation', function: name, alpha, beta };
  return [`${name} ${alpha} ${beta}`, chainOf([3, 4, 2], [operator])];
}

const functions = [
  ...[activation('selu', 1.6732632423543772, 1.0507009873554805), activation('selu', 2, 0.5)],
  ...[activation('gelu'), activation('geluTanh'), activation('mish'), activation('softsign')],
  ...[activation('clip', 0, 2), activation('clip', -1, 1), activation('clip', 0.5, 1.5)],
  ...[activation('clip', -3.4028234663852886e38, 1), activation('clip', -0.5, 3.4028234663852886e38)],
  ...[activation('exp'), activation('square'), activation('abs'), activation('negate')],
  ...(['erf', 'log', 'sqrt', 'reciprocal'] as const).map((name) => activation(name)),
];

const cases: readonly (readonly [string, Network])[] = [...rearrangingNetworks(), ...functions];

const inputOf = ({ input }: Network) =>
  fixtureInput(input.shape.reduce((all, extent) => all * extent, 1)).map((value) => 3 * value + 0.01);

/** The network in that format, or why there is none. */
async function through(network: Network, format: string): Promise<Network | string> {
  try {
    return await readNetwork(await writeNetwork(network, format));
  } catch (error) {
    if (error instanceof FailureError) return error.message;
    throw error;
  }
}

/** What no layer does, and why. */
const refused: readonly (readonly [RegExp, RegExp])[] = [
  [/^(divide|power) of two branches$/, /divides by what is computed|power other than 2/],
  [/^quotient by a constant per row$/, /only one number per channel/],
  [/^products? (of several|of an image|that|with a constant)/, /multiplies matrices/],
  [/^(erf|log|sqrt|reciprocal) /, /there is no layer for/],
];
const refusedByTfjs: typeof refused = [...refused, [/^exp /, /there is no layer for exp/]];

/** Ways of resizing that a layer has; every other one is refused. */
const resizes = {
  keras: [
    ...['linear resize to 8×10, halfPixel', 'linear resize to 8×10, pytorchHalfPixel'],
    ...['nearest resize to 8×10, halfPixel, halfDown', 'nearest resize to 8×10, halfPixel, halfUp'],
    ...[
      'nearest resize to 8×10, pytorchHalfPixel, halfDown',
      'nearest resize to 8×10, pytorchHalfPixel, halfUp',
    ],
    'nearest resize to 8×10, asymmetric, floor',
    ...['linear resize to 3×4, halfPixel', 'linear resize to 3×4, pytorchHalfPixel'],
    ...['nearest resize to 3×4, halfPixel, halfUp', 'nearest resize to 3×4, pytorchHalfPixel, halfUp'],
    ...['linear resize to 1×7, halfPixel', 'nearest resize to 1×7, halfPixel, halfUp'],
  ],
  tfjs: [
    'linear resize to 8×10, asymmetric',
    ...['nearest resize to 8×10, halfPixel, halfDown', 'nearest resize to 8×10, halfPixel, halfUp'],
    ...[
      'nearest resize to 8×10, pytorchHalfPixel, halfDown',
      'nearest resize to 8×10, pytorchHalfPixel, halfUp',
    ],
    'nearest resize to 8×10, asymmetric, floor',
  ],
};

function reasonExpected(format: string, name: string): RegExp | null {
  const dialect = format === 'tfjs' ? 'tfjs' : 'keras';
  if (/ resize /.test(name))
    return resizes[dialect].includes(name) ? null : /it resizes by .*, which no layer does/;
  const rules = dialect === 'tfjs' ? refusedByTfjs : refused;
  return rules.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

describe('newer operators as layers', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(['tfjs', 'keras', 'h5'])('%s: the same after they were written and read', async (format) => {
    for (const [name, network] of cases) {
      const again = await through(network, format);
      const reason = reasonExpected(format, name);
      if (typeof again === 'string') expect(`${name}: ${again}`).toMatch(reason ?? /^taken$/);
      else expect(reason, name).toBe(null);
      if (typeof again === 'string') continue;
      const input = inputOf(network);
      const expected = referenceScores(network, input).data;
      expect(largestDifference(referenceScores(again, input).data, expected), name).toBeLessThan(1e-4);
      expect(networkCost(again).macs, name).toBe(networkCost(network).macs);
    }
  });

  it('LayersModels answer in plain TF.js as they do here', async () => {
    for (const [name, network] of cases) {
      if (typeof (await through(network, 'tfjs')) === 'string') continue;
      const input = inputOf(network);
      const model = await loadModel(await writeNetwork(network, 'tfjs'));
      const answers = await answersOf(model, input, [1, ...network.input.shape]);
      expect(largestDifference(answers, referenceScores(network, input).data), name).toBeLessThan(1e-4);
    }
  });
});
