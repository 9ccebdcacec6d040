import { readFileSync } from 'node:fs';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { FailureError } from '../../../network/failure';
import {
  chainOf,
  evenPadding,
  randomConvolution,
  randomDense,
  seededNumbers,
  square,
} from '../../../network/testing/builders';
import { referenceScores } from '../../../network/testing/referenceExecutor';
import { assertComputable } from '../../../network/validate';
import type { NamedFile } from '../../file';
import { fixtureInput } from '../../testing/fixtures';
import { readNetwork, writeNetwork } from '..';
import { writeOnnx } from '../onnx/write';
import { writeHdf5 } from './hdf5';

const numbers = seededNumbers(5);
const network = chainOf(
  [6, 6, 3],
  [
    randomConvolution(numbers, { inputs: 3, outputs: 4, kernel: square(3), padding: evenPadding(1) }),
    { kind: 'globalPool', reduce: 'average', keepDimensions: false },
    randomDense(numbers, 4, 3),
  ],
);

/** The one sentence that reading, or computing with what was read, ends with. */
async function failureOf(...files: readonly NamedFile[]): Promise<string> {
  try {
    assertComputable(await readNetwork(files));
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError);
    return (error as FailureError).message;
  }
  return 'no failure';
}

/** The network as `.keras` and as `.h5` with its description changed. */
async function changed(format: 'keras' | 'h5', change: (config: string) => string): Promise<NamedFile> {
  const [file] = await writeNetwork(network, 'keras');
  const { 'config.json': config, ...others } = unzipSync(file!.bytes);
  const text = strFromU8(config!);
  expect(change(text)).not.toBe(text);
  const bytes =
    format === 'keras'
      ? zipSync({ ...others, 'config.json': strToU8(change(text)) })
      : await writeHdf5({ attributes: { model_config: change(text) }, groups: { model_weights: {} } });
  return { name: `net.${format}`, bytes };
}

describe.each(['keras', 'h5'] as const)('networks in the format %s that cannot be used', (format) => {
  it('with a size that may change', async () => {
    const dynamic = (config: string) => config.replace(/(\[null,\s*)6,\s*6,/g, '$1null,null,');
    expect(await failureOf(await changed(format, dynamic))).toMatch(
      /^net\.(keras|h5): input: expected a height and width, found \[null,null,null,3\], .* \(--input-size HxW\), or export/,
    );
  });

  it('with any number of channels', async () => {
    const dynamic = (config: string) => config.replace(/(\[null,\s*)6,\s*6,\s*3/g, '$16,6,null');
    expect(await failureOf(await changed(format, dynamic))).toMatch(
      /^net\.(keras|h5): input: expected a fixed size, found \[null,6,6,null\]; export .*\.$/,
    );
  });
});

it('a size that may change is one that a person says', async () => {
  for (const [size, open] of [
    [{ height: 6, width: 6 }, 'null,null'],
    [{ height: 9, width: 7 }, 'null,null'],
    [{ height: 6, width: 8 }, '6,null'],
    [{ height: 5, width: 5 }, '-1,-1'],
  ] as const) {
    const file = await changed('keras', (config) => config.replace(/(\[null,\s*)6,\s*6,/g, `$1${open},`));
    const read = await readNetwork([file], { inputSize: size });
    expect(read.input.shape).toEqual([size.height, size.width, 3]);
    const count = 3 * size.height * size.width;
    const own = { ...network, input: { ...network.input, shape: [size.height, size.width, 3] } };
    expect(referenceScores(read, fixtureInput(count)).data).toEqual(
      referenceScores(own, fixtureInput(count)).data,
    );
  }
});

describe('.keras files that cannot be used', () => {
  it.each([
    ['LSTM', 'it keeps a state from step to step;'],
    ['Conv2DTranspose', 'it works on volumes or makes images larger;'],
    ['GroupNormalization', 'the studio normalises by batches and by single positions;'],
    ['OwnLayer', 'the studio does not know this layer; replace it'],
    ['Lambda', 'it holds code and no weights;'],
  ])('with a layer of the class %s', async (name, reason) => {
    const file = await changed('keras', (config) => config.replace('"GlobalAveragePooling2D"', `"${name}"`));
    expect(await failureOf(file)).toContain(`(${name}) is not supported: ${reason}`);
  });

  it('whose description is damaged', async () => {
    const file = await changed('keras', (config) => config.slice(0, 200));
    expect(await failureOf(file)).toMatch(/^net\.keras: config\.json: expected JSON, found damaged text/);
  });

  it('that lead out of their folder', async () => {
    const [file] = await writeNetwork(network, 'keras');
    const bytes = zipSync({ ...unzipSync(file!.bytes), '../../evil': strToU8('x') });
    expect(await failureOf({ name: 'net.keras', bytes })).toBe(
      'net.keras: expected a zip archive with names inside the archive, found "../../evil", which leads out of its folder; it was not unpacked.',
    );
  });

  it('that grow without end', async () => {
    const [file] = await writeNetwork(network, 'keras');
    const bytes = zipSync({ ...unzipSync(file!.bytes), zeros: new Uint8Array(2 ** 27) });
    expect(await failureOf({ name: 'bomb.keras', bytes })).toMatch(/^bomb\.keras: .*grow at most 200 times/);
  });
});

describe('zip archives of networks', () => {
  it('that lead out of their folder', async () => {
    const bytes = zipSync({ '../net.onnx': writeOnnx(network) });
    expect(await failureOf({ name: 'net.zip', bytes })).toMatch(
      /^net\.zip: .*"\.\.\/net\.onnx", which leads out/,
    );
  });

  it('that grow without end', async () => {
    const bytes = zipSync({ 'net.onnx': writeOnnx(network), 'zeros.bin': new Uint8Array(2 ** 27) });
    expect(await failureOf({ name: 'bomb.zip', bytes })).toMatch(/^bomb\.zip: .*grow at most 200 times/);
  });
});

/** A Sequential model of one Dense layer with such a kernel, as Keras lays it out. */
async function denseWith(kernel: Float32Array | Int8Array): Promise<NamedFile> {
  const { File, FS, ready } = await import('h5wasm');
  await ready;
  const layers = [
    { class_name: 'InputLayer', config: { name: 'in', batch_shape: [null, 4] } },
    { class_name: 'Dense', config: { name: 'scores', units: 2, use_bias: false } },
  ];
  const file = new File('/dense.h5', 'w');
  const model = { class_name: 'Sequential', config: { name: 'net', layers } };
  file.create_attribute('model_config', JSON.stringify(model));
  const group = file.create_group('model_weights').create_group('scores');
  group.create_attribute('weight_names', ['scores/kernel:0']);
  group.create_group('scores').create_dataset({ name: 'kernel:0', data: kernel, shape: [4, 2] });
  file.close();
  const bytes = FS!.readFile('/dense.h5').slice();
  FS!.unlink('/dense.h5');
  return { name: 'dense.h5', bytes };
}

describe('Keras weights in fewer bits', () => {
  const kernel = [1, 2, 3, 4, 5, 6, 7, 8];
  const refused = (found: string) =>
    `dense.h5: "model_weights/scores/scores/kernel:0": expected numbers in float32, float64, float16 or bfloat16, found ${found} numbers; save the network in float32.`;

  it.each(['float16', 'float16_big_endian', 'bfloat16', 'float32_big_endian'])(
    'in %s are read as h5py writes them',
    async (form) => {
      const bytes = new Uint8Array(readFileSync(new URL(`./fixtures/${form}.h5`, import.meta.url)));
      const { nodes } = await readNetwork([{ name: `${form}.h5`, bytes }]);
      expect(nodes[0]!.operator).toMatchObject({
        weights: { shape: [4, 2], data: Float32Array.of(1, -2.5, 3, 0.5, 128, -0.0078125, 0, 256) },
      });
    },
  );

  it('in int8 are refused: their scale is not known', async () => {
    expect(await failureOf(await denseWith(Int8Array.from(kernel)))).toBe(refused('8-bit whole'));
  });
});
