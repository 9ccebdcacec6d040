import { beforeAll, describe, expect, it } from 'vitest';
import { loadKeras } from '../../../engine/testing/kerasFiles';
import { answersOf, tf } from '../../../engine/testing/tfLayers';
import { factoriseLayer } from '../../../network/factors';
import type { Network, Tensor } from '../../../network/graph';
import { layerNodes } from '../../../network/layerNodes';
import { withWeights } from '../../../network/layerWeights';
import { rewriteNetwork } from '../../../network/rewrite';
import { kernelOf } from '../../../network/sharing';
import { sizeOf } from '../../../network/shapes';
import { asHalves } from '../../../network/stored';
import {
  activation,
  chainOf,
  evenPadding,
  networkOf,
  nodeOf,
  randomBatchNorm,
  randomConvolution,
  randomDense,
  seededNumbers,
  smallResidualNetwork,
  square,
} from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { withoutKerasLayer, writerCases } from '../../testing/writerCases';
import { writeNetwork } from '..';

const formats = ['keras', 'h5'] as const;
const numbers = seededNumbers(17);

/** Which writes what Keras has and TF.js, which reads Keras's layers, has not: groups, and other slopes than its own. */
const withoutTfjsLayer: ReadonlySet<string> = new Set(['a grouped, dilated convolution', 'leakyRelu', 'elu']);

function plain(): Network {
  return chainOf(
    [8, 8, 3],
    [
      randomConvolution(numbers, { kernel: square(3), padding: evenPadding(1), inputs: 3, outputs: 6 }),
      randomBatchNorm(numbers, 6),
      activation('relu'),
      randomConvolution(numbers, { kernel: square(3), inputs: 6, outputs: 10, stride: square(2) }),
      activation('relu6'),
      { kind: 'flatten', order: 'chw' },
      randomDense(numbers, 90, 4),
      { kind: 'softmax' },
    ],
  );
}

/** With a strided shortcut and a depthwise convolution, but no groups. */
function residual(): Network {
  const network = smallResidualNetwork();
  const options = { kernel: square(3), padding: evenPadding(1), inputs: 12, outputs: 16 };
  const nodes = network.nodes.map((node) =>
    node.name === 'grouped' ? { ...node, operator: randomConvolution(numbers, options) } : node,
  );
  return { ...network, nodes };
}

function depthwise(): Network {
  const same = { kernel: square(3), padding: evenPadding(1) };
  const spread = { top: 0, bottom: 1, left: 0, right: 1 };
  const strided = { kernel: square(3), padding: spread, stride: square(2) };
  return networkOf(
    [9, 8, 3],
    [
      nodeOf('stem', ['image'], randomConvolution(numbers, { ...same, inputs: 3, outputs: 4 })),
      nodeOf(
        'each',
        ['stem:0'],
        randomConvolution(numbers, { ...strided, inputs: 4, outputs: 8, groups: 4 }),
      ),
      nodeOf('mixed', ['each:0'], randomConvolution(numbers, { kernel: square(1), inputs: 8, outputs: 8 })),
      nodeOf('mean', ['mixed:0'], { kind: 'globalPool', reduce: 'average', keepDimensions: false }),
      nodeOf('scores', ['mean:0'], randomDense(numbers, 8, 3)),
    ],
  );
}

/** A network with some of its layers split by rows and columns, by channels, or as a dense layer. */
function cut(network: Network): Network {
  const splits = { stem: 'spatial', down: 'channel', hidden: 'dense' } as const;
  const ranks = Object.fromEntries(Object.keys(splits).map((name) => [name, 3]));
  return rewriteNetwork(network, ranks, (name) =>
    factoriseLayer(
      network.nodes.find((node) => node.name === name)!,
      splits[name as keyof typeof splits],
    ),
  );
}

const networks: Readonly<Record<string, Network>> = {
  plain: plain(),
  residual: residual(),
  depthwise: depthwise(),
  'residual and cut': cut(residual()),
};

function storedAs(network: Network, form: (tensor: Tensor) => Tensor): Network {
  const layers = new Map(layerNodes(network).map((node) => [node.name, node]));
  const nodes = network.nodes.map((node) => {
    const layer = layers.get(node.name);
    return layer ? withWeights(layer, form(kernelOf(layer)), layer.operator.bias) : node;
  });
  return { ...network, nodes };
}

/** How far plain TF.js, given the written file, is from a plain loop. */
async function difference(network: Network, format: string, expected = network): Promise<number> {
  const { shape } = network.input;
  // Times four, so that bounds such as those of relu6 are passed.
  const input = fixtureInput(sizeOf(shape)).map((value) => 4 * value);
  const [file] = await writeNetwork(network, format);
  const answers = await answersOf(await loadKeras(file!), input, [1, ...shape]);
  return largestDifference(answers, referenceScores(expected, input).data);
}

describe.each(formats)(
  'files of Keras (%s), read by another HDF5 reader and run by plain TF.js',
  (format) => {
    beforeAll(() => tf.setBackend('cpu'));

    it.each(Object.keys(networks))(
      'answer in float32 and in float16 as the network does: %s',
      async (name) => {
        const network = networks[name]!;
        const halves = storedAs(network, (tensor) => asHalves(tensor)!);
        expect(await difference(network, format)).toBeLessThan(1e-5);
        expect(await difference(halves, format)).toBeLessThan(1e-5);
        // They are other numbers than those that were rounded.
        expect(await difference(halves, format, network)).toBeGreaterThan(1e-5);
      },
    );

    it('answer as the network does for every way in which operators are written', async () => {
      const cases = writerCases.filter(
        ([name]) => !withoutKerasLayer.has(name) && !withoutTfjsLayer.has(name),
      );
      for (const [name, network] of cases) expect(await difference(network, format), name).toBeLessThan(1e-4);
    });
  },
);
