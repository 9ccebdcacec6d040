import { strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { answersOf, fillWeights, layers, tf } from '../../../engine/testing/tfLayers';
import type { Network } from '../../../network/graph';
import { smallResidualNetwork } from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { assertComputable } from '../../../network/validate';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { withoutKerasLayer as refused, writerCases } from '../../testing/writerCases';
import { readNetwork, writeNetwork } from '..';
import { readHdf5, writeHdf5, type Hdf5Group } from './hdf5';

type Symbolic = layers.SymbolicTensor;
const make = layers.layers;
const formats = ['keras', 'h5'] as const;

const sizeOf = ({ input }: Network) => input.shape.reduce((a, b) => a * b, 1);
const inputOf = (network: Network) => fixtureInput(sizeOf(network)).map((value) => 4 * value);

async function expectSameFunction(network: Network, again: Network): Promise<void> {
  const input = inputOf(network);
  const [one, other] = [referenceScores(network, input), referenceScores(again, input)];
  expect(largestDifference(one.data, other.data)).toBeLessThan(1e-4);
  return Promise.resolve();
}

describe.each(formats)('files in the format %s', (format) => {
  it.each(writerCases.filter(([name]) => !refused.has(name)))('%s survives', async (_, network) => {
    const again = await readNetwork(await writeNetwork(network, format));
    await expectSameFunction(network, again);
    // Keras → ONNX → Keras.
    const onnx = await readNetwork(await writeNetwork(again, 'onnx'));
    await expectSameFunction(network, await readNetwork(await writeNetwork(onnx, format)));
  });

  it.each(writerCases.filter(([name]) => refused.has(name)))('%s is refused', async (_, network) => {
    await expect(writeNetwork(network, format)).rejects.toThrow(
      /^Layer ".*" cannot be written for Keras: .*; choose ONNX\.$/,
    );
  });

  it('a residual network with grouped and depthwise convolutions keeps names, weights and metadata', async () => {
    const network = { ...smallResidualNetwork(), metadata: { 'enc.method': 'map' } };
    const again = await readNetwork(await writeNetwork(network, format));
    assertComputable(again);
    await expectSameFunction(network, again);
    expect(again.metadata).toEqual(network.metadata);
    expect(again.source.format).toBe(format);
    const layersOf = ({ nodes }: Network) =>
      nodes
        .filter(({ operator }) => operator.kind === 'conv2d' || operator.kind === 'dense')
        .map(({ name }) => name);
    expect(layersOf(again).sort()).toEqual(layersOf(network).sort());
  });

  it('the same network gives the same bytes, whenever it is written', async () => {
    const [one] = await writeNetwork(smallResidualNetwork(), format);
    const later = Date.now() + 5000;
    const clock = vi.spyOn(Date, 'now').mockReturnValue(later);
    const [other] = await writeNetwork(smallResidualNetwork(), format);
    expect(Date.now()).toBe(later);
    clock.mockRestore();
    expect(Buffer.from(one!.bytes).equals(Buffer.from(other!.bytes))).toBe(true);
  });

  it('that are cut off are refused in a sentence', async () => {
    const [file] = await writeNetwork(smallResidualNetwork(), format);
    for (const share of [0.1, 0.5, 0.99]) {
      const cut = { name: `cut.${format}`, bytes: file!.bytes.slice(0, share * file!.bytes.length) };
      await expect(readNetwork([cut])).rejects.toThrow(/^cut\.(keras|h5): expected an? .*(cut off|damaged)/);
    }
  });
});

/** A model nested in another one, two layers of one class, and a batch normalisation. */
function nestedModel(): layers.LayersModel {
  const start = layers.input({ shape: [8, 8, 2], name: 'image' });
  const conv = make.conv2d({ filters: 3, kernelSize: 3, name: 'conv_a', activation: 'relu' });
  const more = make.conv2d({ filters: 4, kernelSize: 3, name: 'conv_b' });
  const inner = layers.model({
    inputs: start,
    outputs: more.apply(conv.apply(start)) as Symbolic,
    name: 'features',
  });
  const model = layers.sequential({ name: 'whole' });
  model.add(inner);
  model.add(make.batchNormalization({ name: 'norm', axis: -1 }));
  model.add(make.flatten({ name: 'flat' }));
  model.add(make.dense({ units: 5, name: 'hidden', activation: 'tanh' }));
  model.add(make.dense({ units: 3, name: 'scores' }));
  fillWeights(model);
  return model;
}

/** Keras's names and values of the weights of a layer, those of a nested model one after the other. */
function stored(layer: layers.layers.Layer): (readonly [string, { shape: number[]; data: Float32Array }])[] {
  return layer.weights.map((weight) => {
    const values = weight.read();
    const data = Float32Array.from(values.dataSync());
    return [`${weight.originalName}:0`, { shape: values.shape, data }] as const;
  });
}

/** Puts `a/b/kernel:0` into groups a and b. */
function grouped(
  tensors: readonly (readonly [string, { shape: number[]; data: Float32Array }])[],
): Hdf5Group {
  const here = tensors.filter(([name]) => !name.includes('/'));
  const heads = [
    ...new Set(tensors.filter(([name]) => name.includes('/')).map(([name]) => name.split('/')[0]!)),
  ];
  const inside = (head: string) =>
    tensors
      .filter(([name]) => name.startsWith(`${head}/`))
      .map(([name, tensor]) => [name.slice(head.length + 1), tensor] as const);
  return {
    tensors: Object.fromEntries(here),
    groups: Object.fromEntries(heads.map((head) => [head, grouped(inside(head))])),
  };
}

async function expectAnswers(name: string, bytes: Uint8Array, model: layers.LayersModel): Promise<void> {
  const network = await readNetwork([{ name, bytes }]);
  assertComputable(network);
  const input = inputOf(network);
  const expected = await answersOf(model, input, [1, ...network.input.shape]);
  expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(1e-4);
}

describe('files laid out as Keras lays them out', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const topologyOf = (model: layers.LayersModel) => model.toJSON(null, false) as Record<string, unknown>;

  it('.h5 of Keras 2, with a nested model', async () => {
    const model = nestedModel();
    const groups = model.layers.map((layer) => {
      const tensors = stored(layer);
      const weight_names = tensors.map(([name]) => name);
      return [layer.name, { ...grouped(tensors), attributes: { weight_names } }] as const;
    });
    const layer_names = model.layers.map(({ name }) => name);
    const bytes = await writeHdf5({
      attributes: {
        model_config: JSON.stringify(topologyOf(model)),
        keras_version: '2.11.0',
        backend: 'tensorflow',
      },
      groups: { model_weights: { attributes: { layer_names }, groups: Object.fromEntries(groups) } },
    });
    await expectAnswers('nested.h5', bytes, model);
  });

  it.each([
    ['layers', 'layers'],
    ['_layer_checkpoint_dependencies', '_layer_checkpoint_dependencies'],
  ])('.keras with weights in %s', async (container) => {
    const model = nestedModel();
    const vars = (layer: layers.layers.Layer): Hdf5Group => {
      const tensors = stored(layer).map(([, tensor], index) => [String(index), tensor] as const);
      return { groups: { vars: { tensors: Object.fromEntries(tensors) } } };
    };
    const [features, norm, , hidden, scores] = model.layers as [layers.LayersModel, ...layers.layers.Layer[]];
    const [, first, second] = features.layers;
    const inner = { groups: { conv2d: vars(first!), conv2d_1: vars(second!), input_layer: {} } };
    const outer = {
      functional: { groups: { [container]: inner, vars: {} } },
      ...{ batch_normalization: vars(norm!), dense: vars(hidden!), dense_1: vars(scores!) },
    };
    const weights = await writeHdf5({ groups: { [container]: { groups: outer }, vars: {} } });
    const files = {
      'config.json': strToU8(JSON.stringify(topologyOf(model))),
      'metadata.json': strToU8('{"keras_version": "3.3.0"}'),
      'model.weights.h5': weights,
    };
    const bytes = zipSync(files);
    await expectAnswers('nested.keras', bytes, model);
    // Unpacked, in a folder.
    const parts = Object.entries(unzipSync(bytes)).map(([name, part]) => ({
      name: `mine/${name}`,
      bytes: part,
    }));
    expect((await readNetwork(parts)).name).toBe('mine');
  });
});

describe('files that are no whole network', () => {
  it('with weights alone say what to do', async () => {
    const bytes = await writeHdf5({ groups: { model_weights: {} } });
    await expect(readNetwork([{ name: 'weights.h5', bytes }])).rejects.toThrow(
      'weights.h5: expected a Keras model, found an HDF5 file without model_config; save the whole network with model.save(…), not its weights alone.',
    );
  });

  it('that lack a weight name the layer', async () => {
    const [file] = await writeNetwork(smallResidualNetwork(), 'keras');
    const files = unzipSync(file!.bytes);
    const { tensors } = await readHdf5({ name: 'w.h5', bytes: files['model.weights.h5']! }, () => true);
    expect(tensors.size).toBeGreaterThan(10);
    const empty = zipSync({ ...files, 'model.weights.h5': await writeHdf5({ groups: { vars: {} } }) });
    await expect(readNetwork([{ name: 'empty.keras', bytes: empty }])).rejects.toThrow(
      /^empty\.keras: layer "stem": expected its kernel of shape 3×3×3×8, found no such weight/,
    );
  });

  it('with damaged bytes end in a network or in a sentence', async () => {
    const [file] = await writeNetwork(smallResidualNetwork(), 'h5');
    for (let at = 0; at < 4000; at += 97) {
      const bytes = file!.bytes.slice();
      bytes[at]! ^= 0xff;
      const outcome = await readNetwork([{ name: 'changed.h5', bytes }]).then(
        () => 'network',
        (error: unknown) => (error as Error).name,
      );
      expect(['network', 'FailureError']).toContain(outcome);
    }
  });
});
