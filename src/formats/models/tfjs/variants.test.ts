import { beforeAll, describe, expect, it } from 'vitest';
import { answersOf, filesOfModel, fillWeights, layers, tf } from '../../../engine/testing/tfLayers';
import { describeLayers } from '../../../network/describe';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { assertComputable } from '../../../network/validate';
import type { NamedFile } from '../../file';
import { fixtureInput } from '../../testing/fixtures';
import { floatToHalf } from '../../../network/half';
import { largestDifference } from '../../testing/layout';
import { readNetwork, writeNetwork } from '..';
import { teachableMachine } from '../../../engine/testing/teachableMachine';

type Json = Record<string, unknown>;
const make = layers.layers;

const text = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));
const parsed = ({ bytes }: NamedFile) => JSON.parse(new TextDecoder().decode(bytes)) as Json;

/** Files with another model.json. */
function withModel(files: readonly NamedFile[], change: (json: Json) => Json): NamedFile[] {
  return files.map((file) =>
    file.name === 'model.json' ? { name: file.name, bytes: text(change(parsed(file))) } : file,
  );
}

async function expectAnswers(
  files: readonly NamedFile[],
  model: layers.LayersModel,
  within: number,
): Promise<void> {
  const network = await readNetwork(files);
  assertComputable(network);
  const input = fixtureInput(network.input.shape.reduce((a, b) => a * b, 1));
  const expected = await answersOf(model, input, [1, ...network.input.shape]);
  expect(largestDifference(referenceScores(network, input).data, expected)).toBeLessThan(within);
}

/** A convolution and a dense layer on 6×6 RGB images. */
function plainModel(): layers.LayersModel {
  const model = layers.sequential({ name: 'plain' });
  model.add(
    make.conv2d({ inputShape: [6, 6, 3], filters: 4, kernelSize: 3, name: 'conv', activation: 'relu' }),
  );
  model.add(make.flatten({ name: 'flat' }));
  model.add(make.dense({ units: 3, name: 'scores' }));
  fillWeights(model);
  return model;
}

/** The plain model in the manner of Keras 3. */
function asKeras3(json: Json): Json {
  const policy = {
    module: 'keras',
    class_name: 'DTypePolicy',
    config: { name: 'float32' },
    registered_name: null,
  };
  const tensor = (layer: string) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null], dtype: 'float32', keras_history: [layer, 0, 0] },
  });
  const layer = (className: string, name: string, config: Json, from: string | null) => ({
    module: 'keras.layers',
    class_name: className,
    config: { name, trainable: true, dtype: policy, ...config },
    registered_name: null,
    build_config: { input_shape: [null, 6, 6, 3] },
    name,
    inbound_nodes: from === null ? [] : [{ args: [tensor(from)], kwargs: {} }],
  });
  const relu = { module: 'builtins', class_name: 'function', config: 'relu', registered_name: 'function' };
  const config = {
    name: 'functional',
    layers: [
      layer('InputLayer', 'input_layer', { batch_shape: [null, 6, 6, 3], sparse: false }, null),
      layer(
        'Conv2D',
        'conv',
        { filters: 4, kernel_size: [3, 3], strides: [1, 1], activation: relu, groups: 1 },
        'input_layer',
      ),
      layer('Flatten', 'flat', { data_format: 'channels_last' }, 'conv'),
      layer('Dense', 'scores', { units: 3, activation: 'linear' }, 'flat'),
    ],
    input_layers: [['input_layer', 0, 0]],
    output_layers: [['scores', 0, 0]],
  };
  const model = { module: 'keras.src.models.functional', class_name: 'Functional', config };
  const manifest = json['weightsManifest'] as { paths: string[]; weights: { name: string }[] }[];
  const weightsManifest = manifest.map(({ paths, weights }) => ({
    paths,
    weights: weights.map((weight) => ({ ...weight, name: `functional/${weight.name}` })),
  }));
  return {
    ...json,
    modelTopology: { keras_version: '3.4.1', backend: 'tensorflow', model_config: model },
    weightsManifest,
  };
}

describe('the forms that LayersModel files have', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('a network as Teachable Machine writes it: its pointwise convolutions can be factorised, and it is exported', async () => {
    const model = teachableMachine();
    const files = await filesOfModel(model);
    await expectAnswers(files, model, 1e-4);
    const network = await readNetwork(files);
    const cuttable = describeLayers(network).filter(({ kept }) => kept === null);
    expect(cuttable.map(({ name }) => name)).toEqual(expect.arrayContaining(['block_1_pw', 'block_2_pw']));
    // The padding before the strided depthwise convolution became its own.
    const strided = network.nodes.find(({ name }) => name === 'block_2_dw')!;
    expect(strided.operator).toMatchObject({ padding: { top: 0, bottom: 1, left: 0, right: 1 } });
    await expectAnswers(await writeNetwork(network, 'tfjs'), model, 1e-4);
    await expectAnswers(await writeNetwork(network, 'onnx'), model, 1e-4);
  });

  it('Keras 3: batch_shape, dtype policies, keras_tensor arguments, prefixed weight names', async () => {
    const model = plainModel();
    const files = withModel(await filesOfModel(model), asKeras3);
    await expectAnswers(files, model, 1e-4);
  });

  it('Keras 3 weights by path', async () => {
    const model = plainModel();
    const paths: Record<string, string> = {
      'conv/kernel': '_layer_checkpoint_dependencies/conv2d/vars/0',
      'conv/bias': '_layer_checkpoint_dependencies/conv2d/vars/1',
      'scores/kernel': '_layer_checkpoint_dependencies/dense/vars/0',
      'scores/bias': '_layer_checkpoint_dependencies/dense/vars/1',
    };
    const files = withModel(await filesOfModel(model), (json) => {
      const manifest = json['weightsManifest'] as { paths: string[]; weights: { name: string }[] }[];
      const renamed = manifest.map(({ paths: shards, weights }) => ({
        paths: shards,
        weights: weights.map((weight) => ({ ...weight, name: paths[weight.name]! })),
      }));
      return { ...json, weightsManifest: renamed };
    });
    await expectAnswers(files, model, 1e-4);
  });

  it.each(['uint8', 'uint16', 'float16'])('weights quantised to %s', async (dtype) => {
    const model = plainModel();
    const files = quantised(await filesOfModel(model), dtype);
    await expectAnswers(files, model, dtype === 'uint8' ? 0.05 : 1e-2);
  });

  it('files in a folder beside others', async () => {
    const model = plainModel();
    const files = (await filesOfModel(model)).map((file) => ({ ...file, name: `mine/${file.name}` }));
    const other = { name: 'other/weights.bin', bytes: new Uint8Array(4) };
    await expectAnswers(
      [other, ...files, { name: 'mine/metadata.json', bytes: text({ labels: ['a'] }) }],
      model,
      1e-4,
    );
    expect((await readNetwork([other, ...files])).name).toBe('mine');
  });
});

/** The same weights in fewer bits, as the converter of TF.js writes them. */
function quantised(files: readonly NamedFile[], dtype: string): NamedFile[] {
  const weights = new Float32Array(files.find(({ name }) => name === 'weights.bin')!.bytes.slice().buffer);
  const min = weights.reduce((a, b) => Math.min(a, b));
  const max = weights.reduce((a, b) => Math.max(a, b));
  const levels = dtype === 'uint8' ? 255 : 65535;
  const scale = (max - min) / levels;
  const whole = weights.map((value) => Math.round((value - min) / scale));
  const quantization =
    dtype === 'float16' ? { dtype } : { dtype, scale, min: min, original_dtype: 'float32' };
  const numbers =
    dtype === 'float16'
      ? Uint16Array.from(weights, floatToHalf)
      : dtype === 'uint8'
        ? Uint8Array.from(whole)
        : Uint16Array.from(whole);
  const bytes = new Uint8Array(numbers.buffer);
  return withModel(files, (json) => {
    const manifest = json['weightsManifest'] as { weights: Json[] }[];
    const groups = manifest.map((group) => ({
      ...group,
      weights: group.weights.map((weight) => ({ ...weight, quantization })),
    }));
    return { ...json, weightsManifest: groups };
  }).map((file) => (file.name === 'weights.bin' ? { ...file, bytes } : file));
}

/** The one sentence that reading, or computing with what was read, ends with. */
async function failureOf(files: readonly NamedFile[]): Promise<string> {
  try {
    assertComputable(await readNetwork(files));
  } catch (error) {
    return (error as Error).message;
  }
  return 'no failure';
}

/** Changes one layer of the plain model. */
function withLayer(json: Json, name: string, change: (layer: Json) => Json): Json {
  const topology = json['modelTopology'] as { config: { layers: Json[] } };
  const changed = topology.config.layers.map((layer) =>
    (layer['config'] as Json)['name'] === name ? change(layer) : layer,
  );
  return { ...json, modelTopology: { ...topology, config: { ...topology.config, layers: changed } } };
}

describe('LayersModel files that are not whole', () => {
  let files: NamedFile[] = [];
  beforeAll(async () => {
    await tf.setBackend('cpu');
    files = await filesOfModel(plainModel());
  });
  const configure = (more: Json) => (layer: Json) => ({
    ...layer,
    config: { ...(layer['config'] as Json), ...more },
  });

  it('without their shard', async () => {
    expect(await failureOf(files.slice(0, 1))).toBe(
      'model.json: expected its weights in "weights.bin", found no such file; choose model.json and all files beside it together.',
    );
  });

  it('with a shard of the wrong size', async () => {
    const cut = files.map((file) =>
      file.name === 'weights.bin' ? { ...file, bytes: file.bytes.slice(0, 100) } : file,
    );
    expect(await failureOf(cut)).toBe(
      'model.json: weights.bin: expected 1,228 bytes of weights, found 100 bytes; copy all files of the network anew.',
    );
  });

  it('without a list of its weights', async () => {
    const files = withModel(await filesOfModel(plainModel()), (json) => ({ ...json, weightsManifest: null }));
    expect(await failureOf(files)).toBe(
      'model.json: expected a weightsManifest, found none; convert it again.',
    );
  });

  it('with a quantization by something else than numbers', async () => {
    const files = withModel(await filesOfModel(plainModel()), (json) => {
      const [group] = json['weightsManifest'] as { weights: Json[] }[];
      const quantization = { dtype: 'uint8', scale: 'x' };
      return { ...json, weightsManifest: [{ ...group, weights: [{ ...group!.weights[0], quantization }] }] };
    });
    expect(await failureOf(files)).toBe(
      'model.json: weightsManifest[0].weights[0]: expected a quantization with scale and min, found {"dtype":"uint8","scale":"x"}; convert it again.',
    );
  });

  it('with a layer of an unknown class', async () => {
    const changed = withModel(files, (json) =>
      withLayer(json, 'flat', (layer) => ({ ...layer, class_name: 'LSTM' })),
    );
    expect(await failureOf(changed)).toBe(
      'Node "flat" (LSTM) is not supported: it keeps a state from step to step; only convolutional networks are compressed, so export the part before it.',
    );
  });

  it('with a Lambda', async () => {
    const changed = withModel(files, (json) =>
      withLayer(json, 'flat', (layer) => ({ ...layer, class_name: 'Lambda' })),
    );
    expect(await failureOf(changed)).toMatch(
      /^Node "flat" \(Lambda\) is not supported: it holds code and no weights;/,
    );
  });

  it('with an unknown activation', async () => {
    const changed = withModel(files, (json) => withLayer(json, 'conv', configure({ activation: 'crelu' })));
    expect(await failureOf(changed)).toMatch(
      /\(Conv2D\) is not supported: the studio does not know the activation "crelu"/,
    );
  });

  it('with a size that may change', async () => {
    const dynamic = configure({ batch_input_shape: [null, null, null, 3] });
    expect(await failureOf(withModel(files, (json) => withLayer(json, 'conv', dynamic)))).toBe(
      'model.json: input: expected a height and width, found [null,null,null,3], which leaves them open; say how large its images are (--input-size HxW), or export the network with a fixed size.',
    );
  });

  it('with a weight missing or of another shape', async () => {
    const more = withModel(files, (json) => withLayer(json, 'conv', configure({ filters: 5 })));
    expect(await failureOf(more)).toBe(
      'model.json: layer "conv": expected its kernel of shape 3×3×3×5, found 3×3×3×4; save weights and layers together again.',
    );
    const renamed = withModel(files, (json) => withLayer(json, 'scores', configure({ name: 'other' })));
    expect(await failureOf(renamed)).toMatch(
      /layer "other": expected its kernel of shape 64×3, found no such weight/,
    );
  });

  it('with channels first', async () => {
    const changed = withModel(files, (json) =>
      withLayer(json, 'conv', configure({ data_format: 'channels_first' })),
    );
    expect(await failureOf(changed)).toMatch(
      /"conv" \(Conv2D\) is not supported: its images have their channels first/,
    );
  });

  it('as models that are code', async () => {
    const changed = withModel(files, (json) => ({
      ...json,
      modelTopology: { class_name: 'MyModel', config: {} },
    }));
    expect(await failureOf(changed)).toMatch(
      /expected a Sequential or Functional model, found one of the class "MyModel"/,
    );
  });

  it('with layers that read each other', async () => {
    const node = (name: string, from: string) => ({
      class_name: 'ReLU',
      name,
      config: { name },
      inbound_nodes: [[[from, 0, 0, {}]]],
    });
    const input = {
      class_name: 'InputLayer',
      name: 'in',
      config: { name: 'in', batch_input_shape: [null, 4] },
      inbound_nodes: [],
    };
    const config = {
      layers: [input, node('a', 'b'), node('b', 'a')],
      input_layers: [['in', 0, 0]],
      output_layers: [['a', 0, 0]],
    };
    const changed = withModel(files, (json) => ({ ...json, modelTopology: { class_name: 'Model', config } }));
    expect(await failureOf(changed)).toMatch(/expected layers in an order, found that they form a circle/);
  });
});
