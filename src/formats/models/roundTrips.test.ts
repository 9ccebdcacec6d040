import { describe, expect, it } from 'vitest';
import { networkCost } from '../../network/cost';
import { FailureError } from '../../network/failure';
import type { Network } from '../../network/graph';
import { chainOf } from '../../network/testing/builders';
import { referenceScores } from '../../network/testing/referenceExecutor';
import { fixtureInput } from '../testing/fixtures';
import { largestDifference } from '../testing/layout';
import { writerCases } from '../testing/writerCases';
import { readNetwork, writeNetwork } from '.';
import { readers } from './readers';
import { writers } from './writers';

const formats = writers.all.filter(({ id }) => readers.find(id));

const pairs = formats.flatMap((first) =>
  formats.filter((second) => second !== first).map((second) => [first.id, second.id] as const),
);

/** Floating point only. */
const rounded: readonly string[] = ['rounding to levels from zero', 'rounding to levels around zero'];

/** Neither Keras nor TF.js has a layer for these. */
const beyondLayers: readonly string[] = [
  ...['a padded average that rounds up', 'a padded average that rounds up and counts the padding'],
  ...['a maximum that rounds up', 'padding with a value', 'local response normalisation', 'a constant image'],
  ...rounded,
];

/** What a format refuses of the writer's cases; everything else it must take. */
const refused: Readonly<Record<string, readonly string[]>> = {
  onnx: [],
  tflite: [],
  tfjs: [...beyondLayers, 'a grouped, dilated convolution'],
  keras: beyondLayers,
  h5: beyondLayers,
  caffe: [
    ...['a grouped, dilated convolution', 'a dense layer on every pixel', 'padding with a value'],
    ...['an average that leaves out the padding', 'a padded average that rounds up'],
    ...['a vector reshaped to an image, channels last', 'an image reshaped to an image, channels last'],
    ...['a constant per channel', 'a constant image', 'a constant number'],
    'a constant on a vector',
    ...['batch normalisation of a table', 'a slope per column of a table', 'a factor per column of a table'],
    ...rounded,
  ],
};

/** What comes in steps out of TensorFlow Lite, which has no operator for it, and so is lost to formats without one of them. */
const inSteps: readonly string[] = ['an average that leaves out the padding', 'softplus'];
const inStepsForCaffe: readonly string[] = [
  ...['batch normalisation', 'batch normalisation of a vector', 'elu', 'hardSigmoid', 'softplus'],
  ...['a padded average that rounds up and counts the padding', 'a maximum that rounds up'],
  ...['a vector reshaped to an image, channels first', 'an image reshaped to an image, channels first'],
  'identity and dropout',
  ...writerCases
    .map(([name]) => name)
    .filter((name) => name.includes('of a table') || name.startsWith('tables')),
];
/**
 * What Caffe takes as it is, and no more after it went through layers: those pad apart from their pools, and have
 * a lone Flatten of a vector do nothing. Rows of a table are cropped as an image's.
 */
const lostToCaffe: readonly string[] = [
  ...['an average that counts the padding', 'an average that rounds up'],
  'flatten of a vector',
  'some rows of a table',
];

/** What the second format refuses of what came through the first, though it takes the network as it is. */
function lost(first: string, second: string): readonly string[] {
  if (second === 'caffe')
    return [...(first === 'onnx' ? [] : lostToCaffe), ...(first === 'tflite' ? inStepsForCaffe : [])];
  return first === 'tflite' && second !== 'onnx' ? inSteps : [];
}

/** The network as another program would find it in that format; null where the format cannot express it. */
async function through(network: Network, format: string): Promise<Network | null> {
  try {
    return await readNetwork(await writeNetwork(network, format));
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    // A network whose nodes do nothing is nothing that Caffe would call a net.
    expect(error.message).toMatch(
      /cannot be written for .*(choose ONNX|write ONNX instead)\.$|compute something, found none/,
    );
    return null;
  }
}

function answersOf(network: Network): ArrayLike<number> {
  const size = network.input.shape.reduce((product, extent) => product * extent, 1);
  return referenceScores(network, fixtureInput(size)).data;
}

describe('every format', () => {
  it.each(formats.map(({ id }) => id))('%s refuses what is known and nothing else', async (format) => {
    const found: string[] = [];
    for (const [name, network] of writerCases) if (!(await through(network, format))) found.push(name);
    expect(found.toSorted()).toEqual([...refused[format]!].toSorted());
  });
});

it.each(['onnx', 'keras', 'h5', 'tflite'])(
  '%s keeps apart an image and one of other sides with as many pixels',
  async (format) => {
    const sides = { size: { height: 5, width: 6 }, scale: { height: 5 / 6, width: 6 / 5 } };
    const way = { method: 'linear', coordinates: 'halfPixel', rounding: 'floor' } as const;
    const network = chainOf([6, 5, 4], [{ kind: 'resize', ...way, ...sides }]);
    const again = await through(network, format);
    expect(largestDifference(answersOf(again!), answersOf(network))).toBeLessThan(1e-4);
  },
);

describe('every pair of formats', () => {
  it.each(pairs)('%s, then %s: the same function, unless one of them refuses it', async (first, second) => {
    let survivors = 0;
    for (const [name, network] of writerCases) {
      const once = await through(network, first);
      const twice = once && (await through(once, second));
      const isExpected = !refused[first]!.includes(name) && !refused[second]!.includes(name);
      const isLost = lost(first, second).includes(name);
      // A format may write a layer in a way that another can express better than the original.
      if (isExpected) expect(twice === null, name).toBe(isLost);
      if (!twice) continue;
      survivors++;
      expect(largestDifference(answersOf(twice), answersOf(network)), name).toBeLessThan(1e-4);
      expect(networkCost(twice).macs, name).toBe(networkCost(network).macs);
    }
    expect(survivors).toBeGreaterThan(writerCases.length * 0.4);
  });
});
