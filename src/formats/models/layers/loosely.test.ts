import { beforeAll, describe, expect, it } from 'vitest';
import { answersOf, filesOfModel, fillWeights, layers, tf } from '../../../engine/testing/tfLayers';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { assertComputable } from '../../../network/validate';
import type { NamedFile } from '../../file';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference } from '../../testing/layout';
import { readNetwork } from '..';
import { flagIn, numberIn, unwrapped } from './json';

const make = layers.layers;

/** model.json with its text changed; the text must change. */
function withText(files: readonly NamedFile[], change: (text: string) => string): NamedFile[] {
  return files.map((file) => {
    if (file.name !== 'model.json') return file;
    const text = new TextDecoder().decode(file.bytes);
    expect(change(text)).not.toBe(text);
    return { name: file.name, bytes: new TextEncoder().encode(change(text)) };
  });
}

function model(): layers.LayersModel {
  const network = layers.sequential({ name: 'net' });
  network.add(make.conv2d({ inputShape: [6, 6, 2], filters: 4, kernelSize: 3, useBias: false }));
  network.add(make.batchNormalization({ axis: -1, scale: false }));
  network.add(make.leakyReLU({ alpha: 0.25 }));
  network.add(make.globalAveragePooling2d({}));
  network.add(make.dense({ units: 3, useBias: true }));
  fillWeights(network);
  return network;
}

/** Numbers as numpy and tensors leave them in Keras's files. */
const wrapped = (kind: string, value: unknown) =>
  JSON.stringify({ module: null, class_name: kind, config: { value, dtype: 'float32' } });

describe('settings as other programs write them', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each<[string, (text: string) => string]>([
    [
      'switches as 0 and 1',
      (text) =>
        text.replace(/("(?:use_bias|scale|center|trainable)"):(true|false)/g, (_, key, value) => {
          return `${key as string}:${value === 'true' ? 1 : 0}`;
        }),
    ],
    [
      'switches as 0.0 and 1.0',
      (text) =>
        text.replace(/("(?:use_bias|scale|center)"):(true|false)/g, (_, key, value) => {
          return `${key as string}:${value === 'true' ? '1.0' : '0.0'}`;
        }),
    ],
    ['whole numbers as floats', (text) => text.replace(/("(?:filters|units)":\d+)/g, '$1.0')],
    [
      'a slope as a numpy array',
      (text) => text.replace('"alpha":0.25', `"alpha":${wrapped('__numpy__', 0.25)}`),
    ],
    ['a slope as a tensor', (text) => text.replace('"alpha":0.25', `"alpha":${wrapped('__tensor__', 0.25)}`)],
    [
      'a window as a tuple',
      (text) => text.replace('"kernel_size":[3,3]', '"kernel_size":{"class_name":"__tuple__","items":[3,3]}'),
    ],
  ])('%s', async (_, change) => {
    const network = model();
    const read = await readNetwork(withText(await filesOfModel(network), change));
    assertComputable(read);
    const input = fixtureInput(72);
    const expected = await answersOf(network, input, [1, 6, 6, 2]);
    expect(largestDifference(referenceScores(read, input).data, expected)).toBeLessThan(1e-5);
  });

  it('a switch that is none is said', async () => {
    const files = withText(await filesOfModel(model()), (text) =>
      text.replace('"use_bias":true', '"use_bias":2'),
    );
    const network = await readNetwork(files);
    expect(() => assertComputable(network)).toThrow('its use_bias is 2, expected true or false.');
  });
});

it('values of JSON are read as what they stand for', () => {
  expect([true, 1, false, 0, 2, '1', null].map(flagIn)).toEqual([true, true, false, false, null, null, null]);
  expect([1.5, true, false, '1', null].map(numberIn)).toEqual([1.5, 1, 0, null, null]);
  const deep = { a: [{ class_name: '__numpy__', config: { value: [1, 2] } }], b: { class_name: 'Own' } };
  expect(unwrapped(deep)).toEqual({ a: [[1, 2]], b: { class_name: 'Own' } });
});
