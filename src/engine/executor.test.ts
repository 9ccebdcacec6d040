import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GraphNode, Network } from '../network/graph';
import {
  chainOf,
  evenPadding,
  nodeOf,
  randomConvolution,
  seededNumbers,
  smallResidualNetwork,
  square,
} from '../network/testing/builders';
import { runReference } from '../network/testing/referenceExecutor';
import { createExecutor, type Executor } from './executor';
import { startNodeBackend } from './testing/nodeBackend';
import { largestError } from './testing/operatorCases';

const network = smallResidualNetwork(4);
const image = seededNumbers(2).values(12 * 12 * 3);
const reference = runReference(network, image);

/** The network with one node replaced by others. */
function withReplaced(original: Network, name: string, replacement: readonly GraphNode[]): Network {
  return {
    ...original,
    nodes: original.nodes.flatMap((node) => (node.name === name ? replacement : [node])),
  };
}

describe.each(['cpu', 'wasm'] as const)('executor on %s', (backend) => {
  let tensors = 0;

  beforeAll(() => startNodeBackend(backend));
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors).toBe(tensors);
  });

  const input = () => tf.tensor4d(image, [1, 12, 12, 3]);
  const expectValue = async (value: tf.Tensor, name: string) => {
    expect(largestError(await value.data(), reference.get(name)!.data)).toBeLessThan(1e-4);
  };

  test('answers intermediate values that were kept', async () => {
    const keep = ['stem:0', 'down:0'];
    const executor = createExecutor(network, { keep });
    const batch = input();
    const values = executor.compute(new Map([['image', batch]]), keep);
    for (const name of keep) await expectValue(values.get(name)!, name);
    tf.dispose([batch, ...values.values()]);
    executor.dispose();
  });

  test('goes on from the frontier of any node to the same answer', async () => {
    const executor = createExecutor(network);
    const batch = input();
    const whole = executor.run(batch);
    for (const { name } of network.nodes) {
      const names = executor.frontier(name);
      const prefix = executor.compute(new Map([['image', batch]]), names);
      const [output = ''] = network.outputs;
      const suffix = executor.compute(prefix, [output]).get(output)!;
      expect([...(await suffix.data())]).toEqual([...(await whole.data())]);
      tf.dispose([suffix, ...prefix.values()]);
    }
    tf.dispose([batch, whole]);
    executor.dispose();
  });

  test('answers a given value with a tensor of its own', () => {
    const executor = createExecutor(network);
    const batch = input();
    const again = executor.compute(new Map([['image', batch]]), ['image']).get('image')!;
    batch.dispose();
    expect(again.isDisposed).toBe(false);
    again.dispose();
    executor.dispose();
  });

  test('shares the weights of unchanged layers with a variant, whichever is disposed first', async () => {
    for (const originalFirst of [true, false]) {
      const executor = createExecutor(network);
      const weights = tf.memory().numTensors - tensors;
      const options = {
        kernel: square(3),
        inputs: 8,
        outputs: 12,
        stride: square(2),
        padding: evenPadding(1),
      };
      const changed = nodeOf('down', ['stemRelu:0'], randomConvolution(seededNumbers(8), options));
      const variant = withReplaced(network, 'down', [changed]);
      const derived = executor.derive(variant);
      expect(tf.memory().numTensors - tensors).toBe(weights + 2);
      if (originalFirst) executor.dispose();
      else derived.dispose();
      const batch = input();
      const left = originalFirst ? derived : executor;
      const output = left.run(batch);
      const expected = originalFirst ? runReference(variant, image) : reference;
      expect(largestError(await output.data(), expected.get(network.outputs[0]!)!.data)).toBeLessThan(1e-4);
      tf.dispose([batch, output]);
      left.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
    }
  });

  test('runs variants of one layer on the same prefix', async () => {
    const executor = createExecutor(network);
    const batch = input();
    const prefix = executor.compute(new Map([['image', batch]]), executor.frontier('grouped'));
    for (const seed of [1, 2]) {
      const options = { kernel: square(3), inputs: 12, outputs: 16, padding: evenPadding(1), groups: 2 };
      const changed = nodeOf('grouped', ['sumRelu:0'], randomConvolution(seededNumbers(seed), options));
      const variant = withReplaced(network, 'grouped', [changed]);
      const derived = executor.derive(variant);
      const [name = ''] = network.outputs;
      const output = derived.compute(prefix, [name]).get(name)!;
      const expected = runReference(variant, image).get(name)!.data;
      expect(largestError(await output.data(), expected)).toBeLessThan(1e-4);
      output.dispose();
      derived.dispose();
    }
    tf.dispose([batch, ...prefix.values()]);
    executor.dispose();
  });

  test('leaves nothing behind when a kernel fails', () => {
    const executor = createExecutor(network);
    const wrong = tf.ones([1, 12, 12, 5]);
    expect(() => executor.run(wrong)).toThrow();
    const late = tf.ones([1, 6, 6, 3]);
    expect(() => executor.run(late)).toThrow();
    tf.dispose([wrong, late]);
    executor.dispose();
  });

  test('leaves nothing behind when a pause stops it', async () => {
    const executor = createExecutor(network);
    const batch = input();
    let steps = 0;
    const pause = () => (++steps > 4 ? Promise.reject(new Error('stopped')) : Promise.resolve());
    const work = executor.computeWithPauses(new Map([['image', batch]]), network.outputs, pause);
    await expect(work).rejects.toThrow('stopped');
    batch.dispose();
    executor.dispose();
  });

  test('keeps its weights when made and used inside a tidy', async () => {
    let made: Executor | undefined;
    tf.tidy(() => {
      made = createExecutor(network);
    });
    const executor = made!;
    const output = tf.tidy(() => executor.run(input()));
    await expectValue(output, network.outputs[0]!);
    output.dispose();
    executor.dispose();
  });

  test('gives each image the same numbers in a batch of any size', async () => {
    const executor = createExecutor(network);
    const size = 12 * 12 * 3;
    const many = seededNumbers(6).values(7 * size);
    const together = tf.tidy(() => executor.run(tf.tensor4d(many, [7, 12, 12, 3])));
    const scores = await together.data();
    for (let index = 0; index < 7; index++) {
      const one = many.subarray(index * size, (index + 1) * size);
      const alone = tf.tidy(() => executor.run(tf.tensor4d(one, [1, 12, 12, 3])));
      expect([...(await alone.data())]).toEqual([...scores.subarray(index * 5, (index + 1) * 5)]);
      alone.dispose();
    }
    together.dispose();
    executor.dispose();
  });

  test('names an operator that it cannot compute and uploads nothing', () => {
    const unknown = { kind: 'unsupported', operator: 'LSTM', reason: 'it has a memory.' } as const;
    const convolution = randomConvolution(seededNumbers(1), { kernel: square(1), inputs: 1, outputs: 1 });
    expect(() => createExecutor(chainOf([4, 4, 1], [convolution, unknown]))).toThrow(
      expect.objectContaining({
        code: 'unsupported-operator',
        message: expect.stringContaining('LSTM') as string,
      }) as Error,
    );
  });

  test('refuses work after it was disposed, and a value that was fused away', () => {
    const executor = createExecutor(network);
    const batch = input();
    expect(() => executor.compute(new Map([['image', batch]]), ['stem:0'])).toThrow('"stem:0"');
    executor.dispose();
    executor.dispose();
    expect(() => executor.run(batch)).toThrow('disposed');
    expect(() => executor.derive(network)).toThrow('disposed');
    batch.dispose();
  });
});
