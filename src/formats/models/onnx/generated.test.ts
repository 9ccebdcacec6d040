import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { createExecutor } from '../../../engine/executor';
import { startNodeBackend } from '../../../engine/testing/nodeBackend';
import { FailureError } from '../../../network/failure';
import type { Network } from '../../../network/graph';
import { unsupportedNodes } from '../../../network/validate';
import type { NamedFile } from '../../file';
import { fixtureInput } from '../../testing/fixtures';
import { largestDifference, toChannelsLast } from '../../testing/layout';
import { runOnnxRuntime } from '../../testing/onnxRuntime';
import { readNetwork, writeNetwork } from '..';
import { decodeMessage } from '../protobuf';
import { writers } from '../writers';
import { converters } from './operators';
import { modelSchema } from './schema';

/** In how many networks each operator occurs at the least. */
const fewest = 5;

/** Networks that scripts/make-random-networks.py drew, and what ONNX Runtime runs in place of those of operator set 6. */
const archive = unzipSync(readFileSync(new URL('./generated/networks.zip', import.meta.url)));
const names = Object.keys(archive).filter((name) => !name.includes('.twin.'));
const twinOf = (name: string) => archive[name.replace('.onnx', '.twin.onnx')];

const graphOf = (name: string) => decodeMessage(modelSchema, archive[name]!, name).graph!;

/** Extents of the input; two images where the file leaves their number open. */
function inputDims(name: string): number[] {
  return graphOf(name).inputs[0]!.type!.tensor!.shape!.dimensions.map(({ value }) => value ?? 2);
}

const sizeOf = (dims: readonly number[]) => dims.reduce((product, extent) => product * extent, 1);

/** A batch as a network read from the file takes it, images channels last. */
function asRead({ input, source }: Network, values: Float32Array, [batch = 1, ...rest]: readonly number[]) {
  const size = sizeOf(rest);
  const images = Array.from({ length: batch }, (_, index) =>
    values.subarray(index * size, (index + 1) * size),
  );
  // Some files have them so already, or have no channels.
  const channels = source.inputAxes ? undefined : input.shape[2];
  const turned = images.flatMap((image) => [...(channels ? toChannelsLast(image, channels) : image)]);
  return tf.tensor(turned, [batch, ...input.shape]);
}

/** What the studio's engine answers, one row per image. */
function engineAnswers(network: Network, batch: tf.Tensor): Float32Array {
  const executor = createExecutor(network);
  const answers = tf.tidy(() => executor.run(batch).dataSync());
  executor.dispose();
  return Float32Array.from(answers);
}

/** The network in another format; null where that has no word for one of its operators. */
async function through(network: Network, format: string): Promise<readonly NamedFile[] | null> {
  try {
    return await writeNetwork(network, format);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return null;
  }
}

describe('random networks written by onnx', () => {
  beforeAll(() => startNodeBackend('wasm'));
  const written = new Map<string, number>();

  it('have every operator that is read, each in several of them', () => {
    const counts = new Map<string, number>();
    for (const name of names)
      for (const operator of new Set(graphOf(name).nodes.map(({ operator }) => operator ?? '')))
        counts.set(operator, (counts.get(operator) ?? 0) + 1);
    expect([...converters.keys()].filter((operator) => (counts.get(operator) ?? 0) < fewest)).toEqual([]);
  });

  it.each(names)('%s answers as in ONNX Runtime, and so does what is written', async (name) => {
    const dims = inputDims(name);
    const input = fixtureInput(sizeOf(dims));
    const { data } = await runOnnxRuntime(twinOf(name) ?? archive[name]!, input, dims);
    const isRounded = graphOf(name).nodes.some(({ operator }) => operator === 'QuantizeLinear');
    // What rounding in another place of the sums turns to the next level is as far off as a level is.
    const share = isRounded ? 1e-2 : 1e-4;
    const within = share * data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const network = await readNetwork([{ name, bytes: archive[name]! }]);
    expect(unsupportedNodes(network)).toEqual([]);
    const batch = asRead(network, input, dims);
    expect(largestDifference(engineAnswers(network, batch), data)).toBeLessThan(within);
    for (const { id } of writers.all) {
      const files = await through(network, id);
      if (!files) continue;
      written.set(id, (written.get(id) ?? 0) + 1);
      if (id === 'onnx') {
        const answer = await runOnnxRuntime(files[0]!.bytes, input, dims);
        expect(largestDifference(answer.data, data), 'ONNX Runtime on what was written').toBeLessThan(within);
      }
      const again = await readNetwork(files);
      expect(again.input.shape, id).toEqual(network.input.shape);
      expect(largestDifference(engineAnswers(again, batch), data), id).toBeLessThan(within);
    }
  });

  it('are written in every format, as far as it goes, and in ONNX without exception', () => {
    expect(written.get('onnx')).toBe(names.length);
    for (const { id } of writers.all) expect(written.get(id), id).toBeGreaterThan(0);
  });
});
